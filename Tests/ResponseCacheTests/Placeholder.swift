// ResponseCacheTests
