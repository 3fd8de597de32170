"""Kinds of lit tests that lit does not have."""
import lit.formats


class TestsOf(lit.formats.ShTest):
    """The tests whose text names a tool."""

    def __init__(self, tool):
        super().__init__(execute_external=False)
        self.tool = tool

    def getTestsInDirectory(self, suite, path, lit_config, local_config):
        for test in super().getTestsInDirectory(suite, path, lit_config, local_config):
            with open(test.getSourcePath(), encoding="utf-8") as file:
                if self.tool in file.read():
                    yield test
