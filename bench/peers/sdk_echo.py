"""The bare command of the Python SDK: every record comes back as it went in."""

import sys

from splunklib.searchcommands import Configuration, StreamingCommand, dispatch


@Configuration()
class Echo(StreamingCommand):
    def stream(self, records):
        for record in records:
            yield record


dispatch(Echo, sys.argv, sys.stdin, sys.stdout, __name__)
