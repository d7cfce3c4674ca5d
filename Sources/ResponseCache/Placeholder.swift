// ResponseCache
