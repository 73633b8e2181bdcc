"""SAML responses: what a signature covers is read, and nothing that was put around it."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.etree import _Element as Element
from signxml.algorithms import DigestAlgorithm, SignatureMethod

from gateprint.access.saml.response import Assertion, UnreadableResponse, verify_response
from gateprint.access.saml.signature import UnsignedResponse
from tests.support import saml
from tests.support.saml_response import (
    AFFILIATION,
    ASSERTION,
    ATTRIBUTES,
    HOST,
    ISSUER,
    NOW,
    PROTOCOL,
    SIGNATURE,
    Fields,
    Signed,
    Signer,
    posted,
    provider_certificate,
    provider_metadata,
    signed,
    unsigned,
)

PARTS: tuple[Signed, ...] = ("assertion", "response", "both")
EVIL = "mallory@acme.example.com"
GOOD = Fields().name_id


def read(root: Element, metadata: str | None = None, now: dt.datetime = NOW) -> Assertion:
    return verify_response(posted(root), metadata or provider_metadata(), now).assertion


def refused(root: Element, metadata: str | None = None, now: dt.datetime = NOW) -> str:
    """Return why a response counts as unsigned."""
    with pytest.raises(UnsignedResponse) as caught:
        read(root, metadata, now)
    return str(caught.value)


def unreadable(text: str) -> str:
    with pytest.raises(UnreadableResponse) as caught:
        verify_response(text, provider_metadata(), NOW)
    return str(caught.value)


def within(root: Element, *tags: str) -> Element:
    found = root.find("/".join(tags))
    assert found is not None
    return found


def assertion_of(root: Element) -> Element:
    return within(root, f"{ASSERTION}Assertion")


def name_id_of(root: Element) -> Element:
    return next(root.iter(f"{ASSERTION}NameID"))


@pytest.mark.parametrize("part", PARTS)
def test_a_signed_response_is_read(part: Signed) -> None:
    found = verify_response(posted(signed(part=part)), provider_metadata(), NOW)
    assert found.is_signed == (part != "assertion")
    assert found.assertion.name_id == GOOD
    assert found.assertion.issuer == ISSUER
    assert found.assertion.attributes[AFFILIATION] == ("staff", "member")
    assert found.assertion.not_before == dt.datetime(2026, 6, 1, 11, 58, 0, 123000, dt.UTC)


def test_a_response_is_read_as_xml_too() -> None:
    text = '<?xml version="1.0"?>\n' + etree.tostring(signed()).decode()
    assert verify_response(text, provider_metadata(), NOW).assertion.name_id == GOOD


def test_base64_may_have_line_breaks() -> None:
    text = base64.encodebytes(etree.tostring(signed())).decode()
    assert verify_response(text, provider_metadata(), NOW).assertion.name_id == GOOD


def test_a_signature_on_a_curve_is_verified() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = saml.certificate(HOST, key)
    root = signed(signer=Signer(key, certificate, SignatureMethod.ECDSA_SHA256))
    assert read(root, saml.metadata(ISSUER, HOST, certificate)).name_id == GOOD


def test_any_signing_certificate_of_the_metadata_will_do() -> None:
    other = saml.certificate(HOST)
    metadata = saml.metadata(ISSUER, HOST, other, provider_certificate())
    assert read(signed(), metadata).name_id == GOOD


def test_nothing_about_a_person_is_in_the_text_of_the_values() -> None:
    text = repr(verify_response(posted(signed()), provider_metadata(), NOW))
    assert "carla" not in text
    assert "staff" not in text


# Signatures that are missing, others', old or damaged.


def test_an_unsigned_response_is_refused() -> None:
    assert refused(unsigned(Fields())) == "neither the response nor its assertion is signed"


@pytest.mark.parametrize("part", PARTS)
def test_a_signature_by_another_key_is_refused(part: Signed) -> None:
    key = saml.rsa_key()
    signer = Signer(key, saml.certificate(HOST, key))
    assert (
        refused(signed(part=part, signer=signer)) == "no certificate in the metadata belongs to it"
    )


def test_a_key_that_comes_along_is_not_trusted() -> None:
    key = saml.rsa_key()
    root = signed(signer=Signer(key, saml.certificate(HOST, key)))
    assert root.find(".//{*}X509Certificate") is not None
    refused(root)


def test_a_signature_of_the_response_does_not_help_a_wrong_one_of_the_assertion() -> None:
    key = saml.rsa_key()
    other = Signer(key, saml.certificate(HOST, key))
    root = signed(signer=other)
    refused(Signer().sign(root))


@pytest.mark.parametrize("part", PARTS)
def test_an_altered_attribute_is_noticed(part: Signed) -> None:
    def alter(root: Element) -> None:
        next(root.iter(f"{ASSERTION}AttributeValue")).text = "arn:evil"

    assert refused(signed(part=part, after=alter)) == "something was changed after it was signed"


def test_an_added_attribute_is_noticed() -> None:
    def add(root: Element) -> None:
        statement = next(root.iter(f"{ASSERTION}AttributeStatement"))
        statement.append(copy.deepcopy(statement[0]))

    assert refused(signed(after=add)) == "something was changed after it was signed"


def test_a_certificate_counts_only_while_it_is_valid() -> None:
    late = NOW + dt.timedelta(days=365 * 20)
    problem = "the certificate that belongs to it is not valid at this time"
    assert refused(signed(), now=late) == problem


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA256),
        (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA1),
    ],
)
def test_sha_1_is_refused(method: SignatureMethod, digest: DigestAlgorithm) -> None:
    signer = Signer(method=method, digest=digest)
    assert refused(signed(signer=signer)) == "it is signed with SHA-1, which can be forged"


def test_a_shared_secret_is_no_signature() -> None:
    def confuse(root: Element) -> None:
        method = next(root.iter("{*}SignatureMethod"))
        method.set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")

    assert refused(signed(after=confuse)) == "no certificate in the metadata belongs to it"


@pytest.mark.parametrize(
    "transform",
    [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2000/09/xmldsig#base64",
    ],
)
def test_other_transformations_are_refused(transform: str) -> None:
    def edit(root: Element) -> None:
        next(root.iter("{*}Transform")).set("Algorithm", transform)

    assert "transformation" in refused(signed(after=edit))


@pytest.mark.parametrize("uri", ["", "#other", "#_response", "https://example.com/a.xml", None])
def test_a_signature_of_something_else_is_refused(uri: str | None) -> None:
    def edit(root: Element) -> None:
        reference = next(root.iter("{*}Reference"))
        reference.attrib.pop("URI")
        if uri is not None:
            reference.set("URI", uri)

    assert "something else" in refused(signed(after=edit))


# Signature wrapping: the numbers are those of the well-known list of variants.


def evil(element: Element) -> Element:
    """Return a copy of a response or assertion without its signature, for somebody else."""
    copied = copy.deepcopy(element)
    for signature in list(copied.iter(SIGNATURE)):
        parent = signature.getparent()
        if parent is not None:
            parent.remove(signature)
    for each in copied.iter(f"{ASSERTION}NameID"):
        each.text = EVIL
    return copied


def around_response(put: Callable[[Element, Element], None]) -> Element:
    """Return an evil response with the original's signature, and the original put somewhere."""
    original = signed(part="response")
    whole = evil(original)
    whole.set("ID", "_evil")
    signature = copy.deepcopy(within(original, SIGNATURE))
    whole.insert(1, signature)
    inner = copy.deepcopy(original)
    inner.remove(within(inner, SIGNATURE))
    put(signature, inner)
    return whole


def around_assertion(put: Callable[[Element, Element, Element], None]) -> Element:
    """Return a response in which an evil assertion is put beside the original."""
    root = signed()
    original = assertion_of(root)
    other = evil(original)
    other.set("ID", "_evil")
    put(root, original, other)
    return root


def _first(root: Element, original: Element, other: Element) -> None:
    original.addprevious(other)


def _last(root: Element, original: Element, other: Element) -> None:
    original.addnext(other)


def _swallow(root: Element, original: Element, other: Element) -> None:
    root.replace(original, other)
    other.append(original)


def _steal(root: Element, original: Element, other: Element) -> None:
    root.replace(original, other)
    other.insert(1, within(original, SIGNATURE))
    root.append(original)


def _hide_in_signature(root: Element, original: Element, other: Element) -> None:
    root.replace(original, other)
    signature = within(original, SIGNATURE)
    other.insert(1, signature)
    signature.append(original)


def _extensions(root: Element, original: Element, other: Element) -> None:
    extensions = etree.Element(f"{PROTOCOL}Extensions")
    extensions.append(other)
    original.addprevious(extensions)


def _object(root: Element, original: Element, other: Element) -> None:
    root.replace(original, other)
    signature = within(original, SIGNATURE)
    other.insert(1, signature)
    within_object = etree.SubElement(signature, SIGNATURE.replace("}Signature", "}Object"))
    within_object.append(original)


def _same_id(root: Element, original: Element, other: Element) -> None:
    other.set("ID", str(original.get("ID")))
    original.addprevious(other)


WRAPPED = {
    "1, the original within the signature": lambda: around_response(
        lambda sig, old: sig.append(old)
    ),
    "2, the original before the signature": lambda: around_response(
        lambda sig, old: sig.addprevious(old)
    ),
    "3, another assertion first": lambda: around_assertion(_first),
    "3b, another assertion last": lambda: around_assertion(_last),
    "4, the original within another": lambda: around_assertion(_swallow),
    "5, the signature in another": lambda: around_assertion(_steal),
    "6, the original within its own signature": lambda: around_assertion(_hide_in_signature),
    "7, another in the extensions": lambda: around_assertion(_extensions),
    "8, the original as an object": lambda: around_assertion(_object),
    "9, two with the same ID": lambda: around_assertion(_same_id),
}


@pytest.mark.parametrize("make", WRAPPED.values(), ids=WRAPPED)
def test_nothing_is_read_from_a_wrapped_response(make: Callable[[], Element]) -> None:
    root = make()
    assert EVIL in {each.text for each in root.iter(f"{ASSERTION}NameID")}
    refused(root)


def test_an_attribute_of_another_element_with_the_same_id_is_refused() -> None:
    def edit(root: Element) -> None:
        within(root, f"{PROTOCOL}Status").set("Id", "_assertion")

    assert refused(signed(after=edit)) == "two elements have the same ID"


def test_a_second_signature_is_refused_wherever_it_is() -> None:
    def repeat(root: Element) -> None:
        signature = next(root.iter(SIGNATURE))
        signature.addnext(copy.deepcopy(signature))

    def stray(root: Element) -> None:
        signature = next(root.iter(SIGNATURE))
        within(root, f"{PROTOCOL}Status").append(copy.deepcopy(signature))

    problem = "there is a signature where none belongs"
    assert {refused(signed(after=repeat)), refused(signed(after=stray))} == {problem}


# Every arrangement of a forgery, the original and its signature. Where the parts go: beside one
# another, into one another, or into an element of the response.
FORGED_ID = ("_evil", "same")
SIGNATURE_IN = ("original", "forgery", "both")
PLACES = (
    "before",
    "after",
    "within",
    "signature",
    "object",
    "status",
    "extensions",
    "first within",
)
SWAPPED = (False, True)


@pytest.mark.parametrize("part", ["assertion", "response"])
def test_no_arrangement_of_a_forgery_and_the_original_is_read_as_the_forgery(part: Signed) -> None:
    count = 0
    for choice in itertools.product(FORGED_ID, SIGNATURE_IN, PLACES, SWAPPED):
        root = arranged(part, *choice)
        if root is None:
            continue
        count += 1
        try:
            found = read(root)
        except (UnsignedResponse, UnreadableResponse):
            continue
        assert found.name_id == GOOD, choice
    assert count > 50


def arranged(
    part: Signed, identity: str, owner: str, place: str, is_swapped: bool
) -> Element | None:
    """Return a response with a forgery beside the original; None where that is no tree.

    The forgery has the original's place, and the original goes to `place` as seen from it; swapped,
    it is the other way round.
    """
    root = signed(part=part)
    original = root if part == "response" else assertion_of(root)
    signature = within(original, SIGNATURE)
    forgery = evil(original)
    if identity != "same":
        forgery.set("ID", identity)
    if owner != "original":
        forgery.insert(1, signature if owner == "forgery" else copy.deepcopy(signature))
    stays, goes = (original, forgery) if is_swapped else (forgery, original)
    if part == "response":
        root = stays
    else:
        root.replace(original, stays)
    return root if _placed(root, stays, goes, place) else None


def _placed(root: Element, stays: Element, goes: Element, place: str) -> bool:
    """Put an element somewhere; tell whether that is possible."""
    signature = stays.find(SIGNATURE)
    needs_signature = place in {"signature", "object"}
    if (needs_signature and signature is None) or (place in {"before", "after"} and stays is root):
        return False
    if place in {"before", "after"}:
        (stays.addprevious if place == "before" else stays.addnext)(goes)
        return True
    target = stays if signature is None or not needs_signature else signature
    if place == "status":
        target = within(root, f"{PROTOCOL}Status")
    if place in {"object", "extensions"}:
        tag = SIGNATURE.replace("}Signature", "}Object")
        target = etree.SubElement(root if place == "extensions" else target, tag)
    target.insert(0 if place == "first within" else len(target), goes)
    return True


# Comments, and what else splits a text.


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("c14n", ["", "WithComments"])
def test_a_comment_in_a_name_is_refused(part: Signed, c14n: str) -> None:
    def split(root: Element) -> None:
        name = name_id_of(root)
        name.text = "carla@acme.example.com"
        comment = etree.Comment("")
        comment.tail = ".evil.example.com"
        name.append(comment)

    signer = Signer(c14n="http://www.w3.org/2001/10/xml-exc-c14n#" + c14n)
    root = signed(part=part, before=split, signer=signer)
    assert refused(root) == "comments or processing instructions can hide what was signed"


def test_a_comment_put_into_an_attribute_afterwards_is_refused() -> None:
    def split(root: Element) -> None:
        value = next(root.iter(f"{ASSERTION}AttributeValue"))
        comment = etree.Comment("x")
        comment.tail, value.text = value.text, ""
        value.append(comment)

    assert "comments" in refused(signed(after=split))


def test_a_processing_instruction_is_refused() -> None:
    root = signed(after=lambda root: name_id_of(root).append(etree.ProcessingInstruction("a")))
    assert "processing instructions" in refused(root)


def test_elements_within_a_value_do_not_cut_it() -> None:
    def nest(root: Element) -> None:
        etree.SubElement(name_id_of(root), "b").tail = ".more"

    assert read(signed(before=nest)).name_id == f"{GOOD}.more"


# What cannot be read.


@pytest.mark.parametrize("text", ["no base64!", "PHNh", "\x00", "=" * 5, "é"])
def test_what_is_not_base64_of_xml_is_unreadable(text: str) -> None:
    assert unreadable(text) in {"it is neither base64 nor XML", "it is not XML in UTF-8"}


def test_nothing_is_unreadable() -> None:
    assert unreadable("") == "it is not XML in UTF-8"


def test_a_huge_response_is_not_even_parsed() -> None:
    text = base64.b64encode(b"<" * 75_001).decode()
    assert unreadable(text) == "it has 100,004 characters in base64; AWS takes 100,000"


def test_deep_nesting_ends_in_a_message() -> None:
    assert unreadable("<a>" * 20_000) == "it is not XML in UTF-8"


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE a>",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a SYSTEM "https://example.com/a.dtd">',
    ],
)
def test_a_document_type_is_unreadable(start: str) -> None:
    text = start + etree.tostring(signed()).decode()
    for each in (text, base64.b64encode(text.encode()).decode()):
        assert unreadable(each) == "it has a document type (<!DOCTYPE)"


def test_a_document_type_in_another_encoding_is_unreadable() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'
    hidden = base64.b64encode(text.encode("utf-16")).decode()
    assert unreadable(hidden) == "it is not XML in UTF-8"
    seven = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-'
    assert unreadable(seven) == "it is not XML in UTF-8"


@pytest.mark.parametrize("text", ["<a/>", etree.tostring(unsigned(Fields())[2]).decode()])
def test_another_document_is_unreadable(text: str) -> None:
    assert unreadable(text) == "it is not a SAML 2.0 response"


def test_a_sign_in_that_failed_is_unreadable() -> None:
    root = unsigned(Fields(status="Responder"))
    root.remove(assertion_of(root))
    assert unreadable(posted(root)) == "it holds no assertion: the sign-in has failed"


def test_an_encrypted_assertion_is_unreadable() -> None:
    root = signed()
    root.replace(assertion_of(root), etree.Element(f"{ASSERTION}EncryptedAssertion"))
    assert unreadable(posted(root)) == "its assertion is encrypted, for AWS alone to read"


@pytest.mark.parametrize("tag", ["Issuer", "Subject", "Conditions"])
def test_an_element_that_is_there_twice_is_unreadable(tag: str) -> None:
    def repeat(root: Element) -> None:
        element = within(assertion_of(root), f"{ASSERTION}{tag}")
        element.addnext(copy.deepcopy(element))

    problem = f"it has 2 elements {tag} where one belongs"
    assert unreadable(posted(signed(before=repeat))) == problem


@pytest.mark.parametrize(
    "time", ["2026-06-01T12:00:00", "2026-06-01T12:00:00+02:00", "2026-02-30T12:00:00Z", "now", ""]
)
def test_a_time_that_is_not_in_utc_is_unreadable(time: str) -> None:
    root = signed(replace(Fields(), not_on_or_after=time))
    assert unreadable(posted(root)) == "its NotOnOrAfter is not a time in UTC"


def test_attributes_that_are_there_twice_are_told() -> None:
    def repeat(root: Element) -> None:
        attribute = next(root.iter(f"{ASSERTION}Attribute"))
        attribute.addnext(copy.deepcopy(attribute))

    found = read(signed(before=repeat))
    assert found.repeated == {f"{ATTRIBUTES}Role"}
    assert len(found.attributes[f"{ATTRIBUTES}Role"]) == 2


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_makes_the_reader_crash_or_read_something_else(data: st.DataObject) -> None:
    content = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        text = base64.b64encode(bytes(content)).decode()
        found = verify_response(text, provider_metadata(), NOW).assertion
    except (UnsignedResponse, UnreadableResponse):
        return
    assert found == read(etree.fromstring(DAMAGED))


DAMAGED = etree.tostring(signed())
