"""Ready text for identity providers: settings and code with a role's values, escaped; pure.

Templates come in as arguments. What they leave open is filled in here: as JSON, or in the language
of the place.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from string import Template
from typing import Any

from gateprint.access.saml.identity import SUBJECT_KEYS, Claim, SignIn
from gateprint.model.saml import ROLE, SESSION_DURATION, SESSION_NAME

_GROUP = "http://schemas.xmlsoap.org/claims/Group"
_NAME_ID = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"
_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
_FRESH_SECONDS = 300
# Microsoft Graph, appRole: value.
_LONGEST_APP_ROLE = 120

Templates = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Guide:
    """How one identity provider is set up: Markdown, and the code in it by file name."""

    text: str
    code: Mapping[str, str]


def values_text(sign_in: SignIn, templates: Templates) -> str:
    """Return the values that every identity provider needs, as Markdown."""
    if sign_in.provider is None:
        return _fill(templates["existing.md"], sign_in)
    return (
        _fill(templates["values.md"], sign_in, claims=_claims_text(sign_in.claims)).rstrip() + "\n"
    )


def guide(name: str, sign_in: SignIn, templates: Templates) -> Guide:
    """Return the guide of one of `GUIDES`, for a role that has an identity provider."""
    code, note = GUIDES[name](sign_in, templates)
    holes = {re.sub(r"\W", "_", file).removesuffix("_txt"): text for file, text in code.items()}
    text = _fill(templates[f"{name}.md"], sign_in, **holes, note=note and f"\n{note}")
    return Guide(text.rstrip() + "\n", code)


def plain(markdown: str) -> str:
    """Return Markdown without its fences, code indented instead."""
    lines, is_code = [], False
    for line in markdown.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        else:
            lines.append(f"    {line}".rstrip() if is_code else line)
    return "\n".join(lines) + "\n"


def _fill(template: str, sign_in: SignIn, **more: str) -> str:
    values = {
        **asdict(sign_in),
        "seconds": sign_in.session_seconds,
        "role_name": ROLE,
        "session_name": SESSION_NAME,
        "session_duration": SESSION_DURATION,
    }
    return Template(template).substitute({**values, **more})


def _json(value: Any, indent: int | None = 2) -> str:
    # ASCII alone: also what ends a line in JavaScript, but not in JSON, is escaped then.
    return json.dumps(value, indent=indent, ensure_ascii=True)


def _claims_text(claims: tuple[Claim, ...]) -> str:
    if not claims:
        return ""
    named = {each.attributes[0]: list(each.values) for each in claims if each.attributes}
    others = [each for each in claims if not each.attributes]
    text = "\nThe trust policy also asks for one of the values of each of these:\n"
    if named:
        text += f"\n```json\n{_json(named)}\n```\n"
    for each in others:
        source = SUBJECT_KEYS.get(each.key, "an attribute whose name AWS does not document")
        text += f"\n`SAML:{each.key}`, {source}:\n\n```json\n{_json(list(each.values))}\n```\n"
    return text


Built = tuple[dict[str, str], str]


def _auth0(sign_in: SignIn, templates: Templates) -> Built:
    addon = {
        "audience": sign_in.audience,
        "recipient": sign_in.acs,
        "destination": sign_in.acs,
        "mappings": {"user_id": _NAME_ID},
        "createUpnClaim": False,
        "passthroughClaimsWithNoMapping": False,
        "mapIdentities": False,
        "signatureAlgorithm": "rsa-sha256",
        "digestAlgorithm": "sha256",
        "lifetimeInSeconds": _FRESH_SECONDS,
        "nameIdentifierFormat": sign_in.name_id_format,
        "nameIdentifierProbes": [_NAME_ID],
    }
    claims = [
        {"from": each.key, "attribute": each.attributes[0], "values": list(each.values)}
        for each in sign_in.sent
    ]
    names = {"role": ROLE, "sessionName": SESSION_NAME, "sessionDuration": SESSION_DURATION}
    action = Template(templates["action.js"]).substitute(
        role=_json(sign_in.role_value),
        group=_json(sign_in.role),
        seconds=_json(sign_in.session_seconds),
        claims=_json(claims).replace("\n", "\n    "),
        names=_json(names),
    )
    return {"addon.json": _json(addon), "action.js": action.rstrip()}, ""


def _okta(sign_in: SignIn, _templates: Templates) -> Built:
    role = f'isMemberOfGroupName("{sign_in.role}") ? "{sign_in.role_value}" : ""'
    statements = {
        ROLE: role,
        SESSION_NAME: "user.login",
        SESSION_DURATION: f'"{sign_in.session_seconds}"',
        **{each.attributes[0]: f"user.{each.key}" for each in sign_in.sent},
    }
    sign_on = {
        "ssoAcsUrl": sign_in.acs,
        "recipient": sign_in.acs,
        "destination": sign_in.acs,
        "audience": sign_in.audience,
        "subjectNameIdTemplate": "${user.userName}",
        "subjectNameIdFormat": sign_in.name_id_format,
        "responseSigned": True,
        "assertionSigned": True,
        "signatureAlgorithm": "RSA_SHA256",
        "digestAlgorithm": "SHA256",
        "honorForceAuthn": True,
        "attributeStatements": [
            {"type": "EXPRESSION", "name": name, "namespace": _URI, "values": [value]}
            for name, value in statements.items()
        ],
    }
    keys = ", ".join(f"`{each.key}`" for each in sign_in.sent)
    note = f"People's profiles need the attributes {keys}, of the type string or string array."
    return {"sign-on.json": _json(sign_on)}, note if keys else ""


def _adfs(sign_in: SignIn, templates: Templates) -> Built:
    rules = [_fill(templates["rules.txt"], sign_in).rstrip()]
    for each in sign_in.sent:
        rules += [_adfs_rule(each, number) for number in range(len(each.values))]
    note = "What the trust policy tests comes from groups with the names of the accepted values."
    return {"rules.txt": "\n\n".join(rules)}, note if sign_in.sent else ""


def _adfs_rule(claim: Claim, number: int) -> str:
    """Return the rule that sends one accepted value to the members of the group of that name.

    A quote cannot be written in a claim rule. Where there is anything but plain characters, a
    regular expression names it by its number, and the group's own name is sent.
    """
    value = claim.values[number]
    is_simple = re.fullmatch(r"[A-Za-z0-9 _.:=,/@+-]*", value, re.ASCII)
    test = f'== "{value}"' if is_simple else f'=~ "^{_numbered(value)}$"'
    sent = f'"{value}"' if is_simple else "c.Value"
    return (
        f'@RuleName = "{claim.key} {number + 1}"\n'
        f'c:[Type == "{_GROUP}", Value {test}]\n'
        f' => issue(Type = "{claim.attributes[0]}", Value = {sent});'
    )


def _numbered(value: str) -> str:
    return "".join(
        each if each.isascii() and each.isalnum() else f"\\u{ord(each):04x}" for each in value
    )


def _entra(sign_in: SignIn, _templates: Templates) -> Built:
    value = sign_in.role_value or ""
    app_role = {
        "allowedMemberTypes": ["User"],
        "displayName": sign_in.role,
        "description": f"May assume {sign_in.role} in the AWS account {sign_in.account}.",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, value)),
        "isEnabled": True,
        "value": value,
    }
    schema: list[dict[str, str]] = [
        {"Source": "user", "ID": "assignedroles", "SamlClaimType": ROLE},
        {"Source": "user", "ID": "userprincipalname", "SamlClaimType": SESSION_NAME},
        {"Value": str(sign_in.session_seconds), "SamlClaimType": SESSION_DURATION},
    ]
    for number, each in enumerate(sign_in.sent, 1):
        source = {"Source": "user", "ID": f"extensionattribute{number}"}
        schema.append({**source, "SamlClaimType": each.attributes[0]})
    policy = {"Version": 1, "IncludeBasicClaimSet": "false", "ClaimsSchema": schema}
    notes = []
    if sign_in.sent:
        keys = ", ".join(f"`{each.key}`" for each in sign_in.sent)
        notes.append(f"Put the attributes that hold {keys} in the place of `extensionattribute`.")
    if len(value) > _LONGEST_APP_ROLE:
        notes.append(
            f"The role's value has {len(value)} characters, and Entra ID takes {_LONGEST_APP_ROLE}:"
            " shorten the names of the role or the provider."
        )
    code = {"app-role.json": _json(app_role), "policy.json": _json({"ClaimsMappingPolicy": policy})}
    return code, "\n\n".join(notes)


def _keycloak(sign_in: SignIn, _templates: Templates) -> Built:
    mappers = [
        _mapper("role", "saml-role-list-mapper", ROLE, single="true"),
        _mapper(
            "session name",
            "saml-user-property-mapper",
            SESSION_NAME,
            **{"user.attribute": "username"},
        ),
        _mapper(
            "session duration",
            "saml-hardcode-attribute-mapper",
            SESSION_DURATION,
            **{"attribute.value": str(sign_in.session_seconds)},
        ),
    ]
    for each in sign_in.sent:
        source = {"user.attribute": each.key, "aggregate.attrs": "true"}
        mappers.append(
            _mapper(each.key, "saml-user-attribute-mapper", each.attributes[0], **source)
        )
    client = {
        "clientId": sign_in.audience,
        "name": f"AWS, {sign_in.environment}",
        "protocol": "saml",
        "enabled": True,
        "fullScopeAllowed": False,
        "frontchannelLogout": False,
        "redirectUris": [sign_in.acs, sign_in.regional_acs],
        "adminUrl": sign_in.acs,
        "attributes": {
            "saml_assertion_consumer_url_post": sign_in.acs,
            "saml_name_id_format": (sign_in.name_id_format or "").rpartition(":")[2],
            "saml_force_name_id_format": "true",
            "saml_idp_initiated_sso_url_name": "aws",
            "saml.assertion.signature": "true",
            "saml.server.signature": "true",
            "saml.signature.algorithm": "RSA_SHA256",
            "saml.authnstatement": "true",
            "saml.client.signature": "false",
        },
        "protocolMappers": mappers,
    }
    keys = ", ".join(f"`{each.key}`" for each in sign_in.sent)
    note = f"People need the user attributes {keys}; only administrators may edit them."
    return {"client.json": _json(client)}, note if keys else ""


def _mapper(name: str, kind: str, attribute: str, **more: str) -> dict[str, Any]:
    config = {"attribute.name": attribute, "attribute.nameformat": "URI Reference", **more}
    return {"name": name, "protocol": "saml", "protocolMapper": kind, "config": config}


GUIDES: Mapping[str, Callable[[SignIn, Templates], Built]] = {
    "auth0": _auth0,
    "okta": _okta,
    "adfs": _adfs,
    "entra": _entra,
    "keycloak": _keycloak,
}
