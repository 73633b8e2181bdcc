"""What somebody does on the pages, in the words of whoever sits before them."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

# A request is listed before the page says what came of it, and an earlier one may be listed first:
# each waits for the answer itself. `before` is how many requests were listed.
_CHOSEN = """([before, stage]) => {
  const newest = document.querySelector("#requests li");
  return document.querySelectorAll("#requests li").length > before
    && newest.textContent.includes(` · ${stage} · `);
}"""
_ADDED = """([before]) => {
  const told = document.querySelector("#new .told");
  return document.querySelectorAll("#requests li").length > before
    && told && told.textContent && !document.querySelector("#new button").disabled;
}"""
_DETAILED = """([before, id]) => {
  const text = document.getElementById(id).textContent;
  return document.querySelectorAll("#requests li").length > before
    && text && text !== "Asking…";
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's visit, in one tab."""

    page: Page

    def sign_in(self, person: str, role: str, length: str = "15 minutes") -> None:
        """Sign in as one of the people, with a role that is open to them."""
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_label(length).check()
        self.page.get_by_role("button", name=f"{person}: sign in as {role}", exact=True).click()
        self.page.wait_for_selector("html[data-ready] #person:not([hidden])")

    def choose(self, stage: str) -> None:
        """Choose a stage, and wait for its pets."""
        before = self.entries()
        self.page.get_by_label("Stage").select_option(label=stage)
        self._wait(_CHOSEN, before, stage)

    def add(self, kind: str, price: str) -> str:
        """Add a pet; return what the page says."""
        self.page.get_by_label("Kind").fill(kind)
        self.page.get_by_label("Price in dollars").fill(price)
        before = self.entries()
        self.page.get_by_role("button", name="Add", exact=True).click()
        self._wait(_ADDED, before)
        return self.page.locator("#new .told").inner_text()

    def details(self, number: int) -> str:
        """Ask for a pet; return what the page says."""
        before = self.entries()
        self.page.get_by_role("button", name=f", number {number}").click()
        self._wait(_DETAILED, before, f"pet-{number}")
        return self.page.locator(f"#pet-{number}").inner_text()

    def pets(self) -> list[str]:
        """Return the kinds of the pets that are shown."""
        return self.page.locator("#list h3").all_inner_texts()

    def statuses(self) -> list[str]:
        """Return requests and statuses, the first one first."""
        rows = self.page.locator("#requests .row").all_inner_texts()
        return [" ".join(each.split()) for each in reversed(rows)]

    def entries(self) -> int:
        """Return how many requests are shown."""
        return self.page.locator("#requests li").count()

    def _wait(self, until: str, *given: int | str) -> None:
        self.page.wait_for_function(until, arg=list(given))
