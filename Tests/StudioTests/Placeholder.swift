// StudioTests
