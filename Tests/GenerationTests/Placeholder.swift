// GenerationTests
