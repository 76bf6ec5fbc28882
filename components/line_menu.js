// One menu for all lines. It listens to the whole page, so that a line is no dearer for it than its one button: to that,
// to a long press on a line, to the arrows between variants and to Undo.
const LONG = 500; // ms of a finger on a line
const STANDS = 6000; // ms that a sentence stands at its line
const READ = 20000; // ms for one that somebody asked to read
const MARGIN = 8;

export default {
  template: `
    <div class="line-menu" popover="manual" role="menu" aria-label="This line" ref="menu" @keydown="key" @focusout="left">
      <button v-for="[id, label] in fitting" :key="id" type="button" role="menuitem" tabindex="-1" :data-act="id"
        @click="choose(id)">{{ label }}</button>
    </div>`,
  props: { acts: Array },
  emits: ["act"],
  data: () => ({ fitting: [] }),

  mounted() {
    this.heard = {
      click: this.click, contextmenu: this.point, pointerdown: this.press, pointerup: this.release,
      pointercancel: this.release, pointermove: this.release, scroll: this.release,
    };
    for (const [name, hear] of Object.entries(this.heard)) document.addEventListener(name, hear, { capture: name === "scroll" });
  },
  unmounted() {
    for (const [name, hear] of Object.entries(this.heard)) document.removeEventListener(name, hear, { capture: name === "scroll" });
    clearTimeout(this.pressing);
  },

  methods: {
    click(event) {
      if (this.isHeld) return (this.isHeld = false); // the end of the long press that opened it
      const line = event.target.closest?.("[data-message-id]");
      if (this.article && !this.$refs.menu.contains(event.target) && !event.target.closest?.(".more-line")) this.close();
      if (!line) return;
      const to = event.target.closest(".swipe-to");
      if (event.target.closest(".more-line")) this.article === line ? this.close(true) : this.open(line);
      else if (event.target.closest(".undo")) this.emit("undo", line);
      else if (to && to.ariaDisabled !== "true") this.emit("swipe", line, +to.dataset.variant);
    },

    // A finger's long press would select a word; a mouse keeps the browser's own menu.
    point(event) {
      const line = this.lineOf(event);
      if (!line || event.pointerType !== "touch") return;
      event.preventDefault();
      this.hold(line, event);
    },

    press(event) {
      clearTimeout(this.pressing);
      const line = event.pointerType === "touch" && this.lineOf(event);
      this.from = event;
      this.isHeld = false;
      if (line) this.pressing = setTimeout(() => this.hold(line, event), LONG);
    },
    hold(line, event) {
      if (this.article) return;
      this.isHeld = true;
      this.open(line, event);
    },
    release(event) {
      const trembles = event.type === "pointermove" && Math.hypot(event.clientX - this.from?.clientX, event.clientY - this.from?.clientY) < 10;
      if (!trembles) clearTimeout(this.pressing);
    },
    lineOf: ({ target }) => !target.closest?.("a, button, summary, textarea") && target.closest?.("[data-message-id][data-deleted=false]"),

    open(line, at) {
      this.close();
      this.article = line;
      this.fitting = this.acts
        .filter(([, , when]) => line.matches(when))
        .map(([id, label]) => [id, label.replace("{speaker}", () => line.dataset.speaker)]);
      const menu = this.$refs.menu;
      const button = line.querySelector(".more-line");
      button.ariaExpanded = true;
      this.$nextTick(() => {
        menu.showPopover();
        const near = at ? { left: at.clientX, right: at.clientX, top: at.clientY, bottom: at.clientY } : button.getBoundingClientRect();
        const { width, height } = menu.getBoundingClientRect();
        const below = near.bottom + MARGIN + height < window.innerHeight;
        menu.style.left = `${Math.max(MARGIN, Math.min(near.right - width, window.innerWidth - width - MARGIN))}px`;
        menu.style.top = `${Math.max(MARGIN, below ? near.bottom + MARGIN / 2 : near.top - height - MARGIN / 2)}px`;
        menu.querySelector("button")?.focus();
      });
    },

    close(back = false) {
      const line = this.article;
      if (!line) return;
      this.article = undefined;
      const button = line.querySelector(".more-line");
      if (button) button.ariaExpanded = null;
      this.$refs.menu.hidePopover();
      if (back) button?.focus();
    },
    left(event) {
      if (this.isHeld) return; // a finger that goes up takes the focus along
      if (event.relatedTarget && !this.$refs.menu.contains(event.relatedTarget)) this.close();
    },

    // Keys in the menu are the menu's: Escape shall not interrupt whoever speaks.
    key(event) {
      event.stopPropagation();
      const items = [...this.$refs.menu.children];
      const at = items.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
      if (to !== undefined) items[to % items.length].focus();
      else if (event.key === "Escape" || event.key === "Tab") this.close(true);
      else return;
      event.preventDefault();
    },

    choose(id) {
      const line = this.article;
      this.close(true);
      if (id === "copy") this.copy(line, spoken(line), "Copied.");
      else if (id === "link") this.copy(line, `${location.href.split("#")[0]}#line-${line.dataset.number}`, "The link is copied.");
      else if (id === "why") this.say(line.dataset.messageId, `Why ${line.dataset.speaker}? ${line.dataset.because}`, READ);
      else this.emit(id, line);
    },

    emit(act, line, value = null) {
      this.$emit("act", [act, line.dataset.messageId, value]);
    },

    async copy(line, text, done) {
      const isCopied = await put(text);
      this.say(line.dataset.messageId, isCopied ? done : "The browser does not let this page copy: select the words instead.");
    },

    // A sentence at its line, for a moment.
    say(id, sentence, stands = STANDS) {
      document.querySelector(".line-said")?.remove();
      const line = document.querySelector(`[data-message-id="${CSS.escape(id)}"]`);
      const said = Object.assign(document.createElement("p"), { className: "line-said", role: "alert", textContent: sentence });
      (line ?? this.$el.parentElement).append(said);
      setTimeout(() => said.remove(), stands);
    },
  },
};

function spoken(line) {
  return line.querySelector(".speech").innerText.trim();
}

// Away from https and this machine there is no clipboard, only the old command.
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text });
    const held = document.activeElement;
    document.body.append(box);
    box.select();
    const isCopied = document.execCommand("copy");
    box.remove();
    held?.focus();
    return isCopied;
  }
}
