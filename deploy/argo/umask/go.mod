module tarkiln/argo/umask

go 1.24.0
