"""What a key of the bucket says, and what is nobody's of this environment."""

from __future__ import annotations

import pytest

from gateprint.model.resolved import S3State
from gateprint.terraform.state.keys import Meaning, StateKeys, plain_etag

KEYS = StateKeys("gateprint", "prod")
DIGEST, ETAG = "ab" * 32, "0" * 32


@pytest.mark.parametrize(
    ("key", "meaning"),
    [
        ("gateprint/pets-prod.tfstate", Meaning("state", "pets-prod")),
        ("gateprint/account-prod.tfstate", Meaning("state", "account-prod")),
        ("gateprint/pets-prod.tfstate.tflock", Meaning("lock", "pets-prod")),
        (
            f"gateprint/applied/pets-prod/{DIGEST}-{ETAG}",
            Meaning("record", "pets-prod", DIGEST, ETAG),
        ),
        (
            f"gateprint/applied/pets-prod/{DIGEST}-{ETAG}-12",
            Meaning("record", "pets-prod", DIGEST, f"{ETAG}-12"),
        ),
    ],
)
def test_a_key_of_the_environment_says_what_it_is(key: str, meaning: Meaning) -> None:
    assert KEYS.read(key) == meaning


@pytest.mark.parametrize(
    "key",
    [
        "",
        "gateprint",
        "gateprint/",
        "gateprint/.tfstate",
        "gateprint/-prod.tfstate",
        "gateprint/prod.tfstate",
        "gateprint/pets-nonprod.tfstate.backup",
        "gateprint/pets-dev.tfstate",
        "gateprint/Pets-prod.tfstate",
        "gateprint/pets prod-prod.tfstate",
        "gateprint/pets\n-prod.tfstate",
        "gateprint/pets-prod\n.tfstate",
        "gateprint//pets-prod.tfstate",
        "gateprint/../pets-prod.tfstate",
        "gateprint/eu/pets-prod.tfstate",
        "gateprint2/pets-prod.tfstate",
        "other/gateprint/pets-prod.tfstate",
        "gateprint/applied/pets-prod",
        "gateprint/applied/pets-prod/",
        f"gateprint/applied/pets-dev/{DIGEST}-{ETAG}",
        f"gateprint/applied/pets-prod/{DIGEST}",
        f"gateprint/applied/pets-prod/{DIGEST}-short",
        f"gateprint/applied/pets-prod/{DIGEST}-{ETAG}/more",
        f"gateprint/applied/pets-prod/{DIGEST}-{ETAG}\n",
        f"gateprint/applied/pets-prod/more/{DIGEST}-{ETAG}",
        f"gateprint/elsewhere/pets-prod/{DIGEST}-{ETAG}",
        f"gateprint/{'p' * 200}-prod.tfstate",
    ],
)
def test_any_other_key_is_somebody_elses(key: str) -> None:
    assert KEYS.read(key) is None


def test_a_state_is_where_the_backend_has_it() -> None:
    state = S3State("bucket", "us-east-2", "gateprint")
    assert KEYS.state("pets-prod") == state.key_of("pets-prod")


@pytest.mark.parametrize("stack", ["pets-dev", "../pets-prod", "a/b-prod", "", "-prod"])
def test_no_key_is_made_for_a_stack_of_another_environment(stack: str) -> None:
    for make in (KEYS.state, KEYS.lock, KEYS.records):
        with pytest.raises(ValueError, match="no stack of prod"):
            make(stack)


@pytest.mark.parametrize("digest", ["", "abc", "AB" * 32, "../" * 10, "ab" * 200])
def test_no_key_is_made_of_what_is_no_digest(digest: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        KEYS.record("pets-prod", digest, ETAG)


@pytest.mark.parametrize(
    ("etag", "plain"),
    [
        (f'"{ETAG}"', ETAG),
        (ETAG, ETAG),
        (f'"{ETAG}-3"', f"{ETAG}-3"),
        ('"A0' + "0" * 30 + '"', "a0" + "0" * 30),
    ],
)
def test_an_etag_of_s3_stands_in_a_key_as_it_is(etag: str, plain: str) -> None:
    assert plain_etag(etag) == plain


@pytest.mark.parametrize("etag", ['W/"1-2"', "../../x", "", "\N{SNOWMAN}"])
def test_an_etag_of_another_store_becomes_one_that_a_key_can_hold(etag: str) -> None:
    key = KEYS.record("pets-prod", DIGEST, etag)
    assert KEYS.read(key) == Meaning("record", "pets-prod", DIGEST, plain_etag(etag))
