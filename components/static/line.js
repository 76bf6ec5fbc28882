// A line of the transcript as elements. Beside the transcript's own script, because the newest lines are drawn as soon
// as the page arrives: Vue, Quasar and NiceGUI take most of a second until they stand, and reading needs none of them.
window.lines = {
  clock: new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" }), // made once: a new one takes milliseconds
  STRANGER: { kind: "human", colour: "#8d8577", mask: "", tempo: 45 },

  // Text is never parsed here; html comes rendered and cleaned from the server.
  build(card, figure = lines.STRANGER) {
    const { el } = lines;
    const article = el("article", "line");
    Object.assign(article.dataset, {
      messageId: card.id, number: card.number, speaker: card.speaker, kind: figure.kind, state: card.state,
    });
    Object.assign(article.dataset, { line: card.kind, aside: card.aside, deleted: card.deleted });
    article.style.setProperty("--persona", figure.colour);
    if (card.sealed) article.dataset.sealed = true;
    const mask = el("div", "mask");
    mask.innerHTML = figure.mask;
    const body = el("div", "body");
    const header = el("header");
    const name = el("span", "name", card.speaker);
    if (card.because) name.title = article.dataset.because = card.because;
    const model = el("span", "model", card.model.slice(card.model.indexOf("/") + 1));
    const time = el("time", "", lines.clock.format(new Date(card.at)));
    time.dateTime = card.at;
    header.append(name, model, time);
    const speech = el("div", "speech");
    const done = el("div", "done");
    const open = el("div", "open");
    const dots = el("span", "dots");
    dots.style.setProperty("--tempo", `${Math.min(2.4, Math.max(0.6, 54 / figure.tempo))}s`);
    dots.append(el("i"), el("i"), el("i"));
    dots.setAttribute("aria-label", `${card.speaker} is thinking`);
    const note = el("footer", "note");
    speech.append(done, open, dots);
    body.append(header, speech, note);
    article.append(mask, body);
    if (card.variants > 1 && !card.deleted) body.append(lines.swipe(card));
    if (card.deleted) article.append(lines.trace());
    else if (lines.menu) article.append(lines.button("more-line", "More for this line", "menu"));
    const m = { article, speech, done, open, note, model, reasoning: null, s: 0 };
    if (card.sealed) done.append(el("p", "sealed", `${card.speaker} ${card.state === "speaking" ? "is writing" : "has written"} something; it is opened when all have.`));
    else done.innerHTML = card.html;
    if (card.reasoning) lines.think(m, card.reasoning);
    lines.settle(m, card.state, card.note, card.usage);
    return m;
  },

  // What the menu of all lines listens to; where there is none, nothing can be pressed.
  menu: false,

  button(className, label, haspopup = "") {
    const button = lines.el("button", className);
    button.type = "button";
    button.ariaLabel = button.title = label;
    if (haspopup) button.ariaHasPopup = haspopup;
    return button;
  },

  // Which of its variants a line shows, and the way to the others. Beyond the ends one gets nowhere, but keeps the focus.
  swipe({ variant, variants }) {
    const bar = lines.el("div", "swipe");
    bar.append(lines.el("span", "", `${variant} / ${variants}`));
    bar.firstChild.ariaLabel = `Variant ${variant} of ${variants}`;
    if (!lines.menu) return bar;
    const to = (label, number) => {
      const button = lines.button("swipe-to", label);
      button.dataset.variant = number;
      button.ariaDisabled = number < 1 || number > variants;
      return button;
    };
    bar.prepend(to("Previous variant", variant - 1));
    bar.append(to("Next variant", variant + 1));
    return bar;
  },

  trace() {
    const trace = lines.el("p", "trace", "Deleted.");
    if (lines.menu) trace.append(" ", lines.el("button", "undo", "Undo"));
    return trace;
  },

  think(m, reasoning) {
    if (!m.reasoning) {
      m.reasoning = lines.el("div", "thoughts");
      const details = lines.el("details", "reasoning");
      details.append(lines.el("summary", "", "Thoughts"), m.reasoning);
      m.speech.before(details);
    }
    m.reasoning.append(reasoning);
  },

  settle(m, state, note, usage) {
    m.article.dataset.state = state;
    m.article.classList.toggle("thinking", state === "speaking" && m.s === 0);
    m.note.textContent = note;
    m.note.hidden = !note;
    m.model.title = usage;
  },

  el(tag, className = "", text = "") {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  },

  // The newest lines came with the page. Those that fill a window are drawn at once, where the transcript will be; it
  // then takes all of them over.
  FIRST: 12,
  figures: {},
  cards: [],
  drawn: [],

  draw(box) {
    Object.assign(lines, JSON.parse(document.getElementById("newest-lines").textContent));
    lines.drawn = lines.cards.splice(-lines.FIRST).map(lines.one);
    box.appendChild(lines.el("div", "lines")).append(...lines.drawn.map((m) => m.article));
    box.scrollTop = box.scrollHeight;
  },

  take() {
    document.getElementById("early")?.remove();
    return [...lines.cards.splice(0).map(lines.one), ...lines.drawn.splice(0)];
  },

  one: (card) => lines.build(card, lines.figures[card.who]),
};

const early = document.getElementById("early"); // not where several conversations stand on one page
if (early) window.lines.draw(early);
