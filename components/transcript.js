// The transcript: lines from the server, live words as numbered frames (see broadcast.py for their shape).
// How a line is drawn stands in line.js, which drew the newest ones before this was there.
const NEAR_END = 60;
const FARTHEST = 500; // lines that are loaded to get to one that an address names
const BLOCKS = new Set(["P", "UL", "OL", "LI", "BLOCKQUOTE", "PRE", "CODE", "H1", "H2", "H3", "H4", "H5", "H6", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD"]);

export default {
  template: `
    <div class="transcript" role="log" aria-live="off" :aria-label="label" tabindex="0" ref="box" @scroll.passive="scrolled">
      <div class="earlier" ref="earlier"></div>
      <div class="lines" ref="lines"></div>
      <button v-show="unseen" class="pill" type="button" @click="toEnd">New messages</button>
      <div class="only-heard" aria-live="polite" ref="heard"></div>
    </div>`,
  // `after`, `cards` and `figures` are for one of several on a page: no line up to that number is shown.
  props: {
    conversation: String, number: Number, label: { type: String, default: "Transcript" },
    after: { type: Number, default: 0 }, cards: Array, figures: Object,
  },
  data: () => ({ unseen: false }),

  async mounted() {
    this.shown = new Map(); // message id -> its elements and counters
    this.figureOf = { ...(this.figures ?? window.lines.figures) };
    this.hidden = new Set(); // ids of lines that came and are not shown
    this.follows = true;
    this.height = 0; // where the reader was last, in pixels from the top
    this.joining = true;
    this.held = [];
    const drawn = this.cards?.map((card) => window.lines.build(card, this.figureOf[card.who])) ?? window.lines.take();
    for (const m of drawn) this.shown.set(m.article.dataset.messageId, m);
    this.$refs.lines.append(...drawn.map((m) => m.article));
    this.n = drawn.length ? this.number : 0; // should this be mounted once more, everything has to come anew
    this.watchTop();
    this.resized = new ResizeObserver(() => this.follow());
    this.resized.observe(this.$refs.box);
    this.follow();
    await this.$nextTick(); // window.socket exists only after the root has been mounted
    this.onFrame = (frame) => frame.c === this.conversation && this.receive(frame);
    window.socket.on("chimera_frame", this.onFrame);
    window.socket.on("connect", this.join);
    this.join();
    window.addEventListener("hashchange", this.seek);
    this.seek();
  },

  unmounted() {
    window.removeEventListener("hashchange", this.seek);
    clearTimeout(this.rejoin);
    this.resized?.disconnect();
    this.top?.disconnect();
    window.socket?.off("chimera_frame", this.onFrame);
    window.socket?.off("connect", this.join);
  },

  methods: {
    // Ask for what was missed, again and again until it came: the page's own handshake may be later than ours.
    join() {
      this.joining = true;
      clearTimeout(this.rejoin);
      window.socket.emit("chimera_join", { client_id: window.clientId, conversation: this.conversation, since: this.n });
      this.rejoin = setTimeout(this.join, 700);
    },

    receive(frame) {
      if (frame.again) {
        window.location.reload();
      } else if (frame.catch) {
        this.catchUp(frame.catch);
      } else if (this.joining) {
        this.held.push(frame);
        return;
      } else {
        this.apply(frame.i);
      }
      this.follow();
    },

    catchUp({ n, lines, growing, figures }) {
      clearTimeout(this.rejoin);
      Object.assign(this.figureOf, figures);
      for (const card of lines) this.take(card);
      for (const [id, s, done, open, text, reasoning] of growing) this.restore(id, s, done, open, text, reasoning);
      this.n = Math.max(this.n, n);
      this.joining = false;
      const held = this.held;
      this.held = [];
      for (const frame of held) if (!this.joining) this.apply(frame.i);
    },

    apply(items) {
      for (const item of items) {
        const went = item[0] === "e" ? this.happened(...item.slice(1)) : this.said(...item);
        if (!went) return this.join();
      }
    },

    // Each answers false when something before it is missing.
    happened(n, kind, needed) {
      if (n <= this.n) return true;
      if (n > this.n + 1 || this.misses(needed)) return false;
      this.n = n;
      if (needed?.line) {
        Object.assign(this.figureOf, needed.figures);
        const isNew = !this.shown.has(needed.line.id);
        if (this.take(needed.line) && isNew) this.noticeNew();
      } else if (needed?.opened) this.opened(needed.opened);
      else if (needed) this.ended(needed);
      return true;
    },

    // A line that ends before its last words have come.
    misses(needed) {
      const m = needed?.id && this.shown.get(needed.id);
      return m && m.article.dataset.state === "speaking" && m.s < needed.s;
    },

    said(what, id, s, done, open, text) {
      const m = this.shown.get(id);
      if (!m) return this.hidden.has(id);
      if (m.article.dataset.state !== "speaking") return true; // it came whole meanwhile
      if (s > m.s + 1) return false;
      if (s <= m.s) return true;
      m.s = s;
      m.article.classList.remove("thinking");
      if (what === "r") window.lines.think(m, done);
      else this.write(m, done, open, text);
      return true;
    },

    write(m, done, open, text) {
      if (done) m.done.insertAdjacentHTML("beforeend", done);
      if (open !== null) m.open.innerHTML = open;
      if (text) tail(m.open).appendChild(document.createTextNode(text));
    },

    restore(id, s, done, open, text, reasoning) {
      const m = this.shown.get(id);
      if (!m) return;
      m.done.innerHTML = m.open.innerHTML = "";
      m.reasoning?.parentElement.remove();
      m.reasoning = null;
      m.s = s;
      m.article.dataset.state = "speaking";
      m.article.classList.toggle("thinking", s === 0);
      this.write(m, done, open, text);
      if (reasoning) window.lines.think(m, reasoning);
    },

    // What nobody could read while it was written, all at once.
    opened(cards) {
      for (const card of cards) this.take(card);
      this.$refs.heard.textContent = `Opened: ${cards.map((card) => card.speaker).join(", ")}.`;
    },

    ended({ id, done, state, note, usage }) {
      const m = this.shown.get(id);
      if (!m) return;
      m.done.insertAdjacentHTML("beforeend", done);
      m.open.textContent = "";
      window.lines.settle(m, state, note, usage);
      this.$refs.heard.textContent = `${m.article.dataset.speaker}: ${m.speech.textContent}`;
    },

    // A line that was changed far above what is loaded comes with what lies between.
    take(card) {
      const first = +this.$refs.lines.firstElementChild?.dataset.number;
      const isFar = card.number < first && first > 1 && !this.shown.has(card.id);
      if (isFar) this.hidden.add(card.id);
      else this.place(card);
      return !isFar;
    },

    // A line in its place by number; a line that is there already is made anew, and whoever was in it stays there.
    place(card) {
      if (card.number <= this.after) return this.hidden.add(card.id);
      const m = window.lines.build(card, this.figureOf[card.who]);
      const old = this.shown.get(card.id);
      this.shown.set(card.id, m);
      this.hidden.delete(card.id);
      if (old) {
        const held = document.activeElement;
        const again = old.article.contains(held) ? held.className : "";
        const label = held?.ariaLabel;
        old.article.replaceWith(m.article);
        if (again) [...m.article.getElementsByClassName(again)].find((el) => el.ariaLabel === label)?.focus();
        return;
      }
      const lines = this.$refs.lines;
      let after = lines.lastElementChild;
      while (after && +after.dataset.number > card.number) after = after.previousElementSibling;
      after ? after.after(m.article) : lines.prepend(m.article);
    },

    // Earlier lines come when the top comes near.
    watchTop() {
      this.top = new IntersectionObserver(([seen]) => seen.isIntersecting && this.askEarlier(), {
        root: this.$refs.box, rootMargin: "400px 0px 0px 0px",
      });
      this.top.observe(this.$refs.earlier);
    },

    askEarlier() {
      const first = +this.$refs.lines.firstElementChild?.dataset.number;
      if (this.asking || !(first > this.after + 1)) return;
      this.asking = true;
      this.$refs.earlier.textContent = "Loading earlier lines…";
      this.$emit("earlier", first);
    },

    prepend(cards) {
      const box = this.$refs.box;
      const fromEnd = box.scrollHeight - box.scrollTop;
      for (const card of cards) if (!this.shown.has(card.id)) this.place(card);
      this.asking = false;
      this.$refs.earlier.textContent = "";
      box.scrollTop = box.scrollHeight - fromEnd;
      this.top.unobserve(this.$refs.earlier);
      this.top.observe(this.$refs.earlier);
      if (this.sought) this.bring();
    },

    // An address that ends in #line-12 is that line's: it is brought into view, with what lies between if need be.
    seek() {
      this.sought = +/^#line-(\d{1,9})$/.exec(window.location.hash)?.[1] || 0;
      if (this.sought) this.bring();
    },

    bring() {
      const { lines, earlier } = this.$refs;
      const article = lines.querySelector(`[data-number="${this.sought}"]`);
      const first = +lines.firstElementChild?.dataset.number;
      if (article) {
        this.follows = false;
        article.scrollIntoView({ block: "center" });
        article.tabIndex = -1;
        article.focus({ preventScroll: true });
        article.classList.add("found");
        this.sought = 0;
      } else if (this.sought < first && first - this.sought <= FARTHEST) {
        this.follows = false;
        this.askEarlier();
      } else {
        const what = this.sought < first ? `Line ${this.sought} is far up: scroll up to reach it.` : "";
        this.$nextTick(() => (earlier.textContent = what));
        this.sought = 0;
      }
    },

    // The end is followed until the reader goes up from it. That it went away by itself, because lines came, is no reason.
    scrolled() {
      const box = this.$refs.box;
      const wentUp = box.scrollTop < this.height;
      this.height = box.scrollTop;
      if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END) {
        this.follows = true;
        this.unseen = false;
      } else if (wentUp) this.follows = false;
    },

    // Once a frame: to measure the box after each of several changes costs more than the changes.
    follow() {
      this.following ??= requestAnimationFrame(() => {
        this.following = undefined;
        const box = this.$refs.box;
        if (!this.follows || !box) return;
        box.scrollTop = box.scrollHeight;
        this.height = box.scrollTop;
      });
    },

    noticeNew() {
      if (!this.follows) this.unseen = true;
    },

    toEnd() {
      this.follows = true;
      this.unseen = false;
      this.follow();
    },
  },
};

// The innermost block at the end: where the next words of the open block belong.
function tail(element) {
  let last = element;
  while (last.lastElementChild && BLOCKS.has(last.lastElementChild.tagName) && inside(last)) last = last.lastElementChild;
  return last;
}

// A <code> within a paragraph is a phrase, not a block: words after it belong to the paragraph.
function inside(element) {
  return element.lastElementChild.tagName !== "CODE" || element.tagName === "PRE";
}
