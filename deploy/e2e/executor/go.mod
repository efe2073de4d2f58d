module tarkiln.io/e2e/executor

go 1.24
