"""The rows of the attack list that no input can state: what is generated instead is looked at.

Each says which test sees to it: one of this folder, or one that was there already.
"""

from __future__ import annotations

# Row → why no input states it, and the test that looks at what is generated.
GENERATED = {
    "A1": ("a template in a text is text", "attacks/test_neutralised.py"),
    "A2": ("a template in a tag is text", "attacks/test_neutralised.py"),
    "A3": ("a template in a tag's key is text", "attacks/test_neutralised.py"),
    "A6": ("an open template is text", "attacks/test_neutralised.py"),
    "A61": ("metadata is a file of its own", "attacks/test_files.py"),
    "A62": ("permissions are generated", "attacks/test_generated.py"),
    "A65": ("deployments are generated", "stack/test_published.py"),
}
