"""How schemathesis writes YAML bodies: so that a reader of YAML 1.2, which the contract asks for, finds what was meant.

PyYAML writes for YAML 1.1, to which `09` and `1e5` are words. To 1.2 they are numbers, so a word that begins like a number
has to stand in quotes.
"""

import re

import schemathesis
import yaml


class Dumper(yaml.SafeDumper):
    pass


Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+.\d]"), list("-+.0123456789"))


# By both names: schemathesis takes the first one of YAML's that it has.
@schemathesis.serializer("text/yaml", "application/yaml")
def serialize(_context: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else yaml.dump(value, Dumper=Dumper).encode()
