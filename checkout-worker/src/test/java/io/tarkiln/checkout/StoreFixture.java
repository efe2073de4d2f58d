package io.tarkiln.checkout;

import io.tarkiln.store.TestStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests with an S3 server that all tests of a class share. */
abstract class StoreFixture {
  @TempDir static Path s3;
  static TestStore stores;

  @BeforeAll
  static void startStore() throws Exception {
    stores = TestStore.in(s3);
  }

  @AfterAll
  static void stopStore() throws Exception {
    stores.close();
  }
}
