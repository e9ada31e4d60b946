"""Exit 0 when the address given answers 200: the image has no curl."""

import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:  # noqa: S310 - an address of this container
    sys.exit(0 if answer.status == 200 else 1)  # noqa: PLR2004
