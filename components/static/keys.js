// While the connection is lost nothing on the page is alive, and it must not look so: NiceGUI's popup knows.
document.addEventListener("DOMContentLoaded", () => {
  const popup = document.getElementById("popup");
  const tell = () => (document.documentElement.dataset.connection = popup.ariaHidden === "false" ? "lost" : "there");
  if (popup) new MutationObserver(tell).observe(popup, { attributeFilter: ["aria-hidden"] });
});

// On a narrow screen the cast is a strip: whoever takes the floor is brought into view.
new MutationObserver((changes) => {
  for (const { target: figure } of changes) {
    const strip = figure.closest(".cast-list");
    if (figure.dataset.speaking !== "true" || !strip || strip.scrollWidth <= strip.clientWidth) continue;
    const middle = figure.getBoundingClientRect().left + figure.offsetWidth / 2;
    strip.scrollBy({ left: middle - strip.getBoundingClientRect().left - strip.clientWidth / 2, behavior: "smooth" });
  }
}).observe(document.documentElement, { subtree: true, attributeFilter: ["data-speaking"] });

// Shortcuts: an element says `data-key="p"` and is then clicked, or focused if one writes in it, when p is pressed.
// Not while somebody types, except Escape; and not under an open dialog or menu, which have Escape for themselves.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector(".q-dialog, .q-menu")) return;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing && event.key !== "Escape") return;
  const wanted = [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === event.key && !element.disabled && element.getClientRects().length,
  );
  if (!wanted) {
    if (typing && event.key === "Escape") typing.blur();
    return;
  }
  event.preventDefault();
  if (wanted.matches("input, textarea")) wanted.focus();
  else wanted.click();
});
