// A textarea that grows, keeps its draft in this browser, and is emptied only when the server has taken the text.
const PATIENCE = 8000; // ms after which a text the server never answered for may be sent again

export default {
  template: `
    <div class="field" :class="{ refused: complaint }">
      <label :for="id + '-text'" :class="{ 'for-readers': hideLabel }">{{ label }}</label>
      <textarea ref="box" :data-written="writing ? 'true' : undefined" :id="id + '-text'" v-model="text" rows="1" :placeholder="placeholder" autocomplete="off"
        :data-key="shortcut || undefined" :aria-invalid="complaint ? 'true' : undefined"
        :aria-describedby="complaint ? id + '-fault' : undefined" @keydown="typing" @keydown.enter.exact="pressed"></textarea>
      <button v-if="own && own !== text && !writing" type="button" class="own" @click="giveBack">My own words back</button>
      <p v-if="complaint" :id="id + '-fault'" class="fault" role="alert">{{ complaint }}</p>
    </div>`,
  props: { id: String, label: String, draft: String, placeholder: String, shortcut: String, hideLabel: Boolean, longest: Number, first: String },
  emits: ["enter", "ghost", "unghost", "writing"],
  data() {
    return { text: recall(this.draft) || this.first || "", given: "", complaint: "", waiting: 0, own: recall(this.draft + ":own"), writing: 0, runs: 0 };
  },
  mounted() {
    this.grow();
    this.watcher = new ResizeObserver(() => this.grow());
    this.watcher.observe(this.$el);
  },
  unmounted() {
    this.watcher.disconnect();
  },
  watch: {
    text() {
      this.complaint = "";
      if (this.writing && !this.inserting) this.stopGhost(); // whoever types writes for themselves
      remember(this.draft, this.text);
      this.$nextTick(this.grow);
    },
    placeholder() {
      this.$nextTick(this.grow);
    },
  },
  methods: {
    grow() {
      const box = this.$refs.box;
      box.style.height = "auto";
      box.style.height = box.scrollHeight + "px";
    },
    pressed(event) {
      if (event.isComposing || event.defaultPrevented) return;
      event.preventDefault();
      this.enter();
    },
    enter() {
      if (Date.now() - this.waiting < PATIENCE) return;
      const length = this.longest ? [...this.text.trim()].length : 0;
      if (length > this.longest) {
        return this.refuse(`That is ${length.toLocaleString("en")} characters; a line can have ${this.longest.toLocaleString("en")}.`);
      }
      this.waiting = Date.now();
      this.$emit("enter", this.text);
    },
    accept(taken) {
      this.waiting = 0;
      this.complaint = "";
      if (this.text.startsWith(taken)) this.text = this.text.slice(taken.length).trimStart();
      this.keep("");
    },
    refuse(sentence) {
      this.waiting = 0;
      this.complaint = sentence;
      this.$refs.box.focus();
    },
    // Somebody else writes here, piece by piece. What stood here before can be had back: by undo, and by a button.
    ghost() {
      if (this.writing) return this.stopGhost();
      this.complaint = "";
      this.writing = ++this.runs;
      this.untouched = true;
      this.$refs.box.focus();
      this.$emit("writing", true);
      this.$emit("ghost", [this.writing, this.text]);
    },
    ghosted(run, piece) {
      if (run !== this.writing) return;
      const box = this.$refs.box;
      if (this.untouched) {
        if (this.text.trim()) this.keep(this.text);
        box.select();
        piece = piece.trimStart();
      } else box.setSelectionRange(box.value.length, box.value.length);
      if (!piece) return;
      this.inserting = true;
      const before = this.untouched ? "" : this.text;
      const went = document.activeElement === box && document.execCommand("insertText", false, piece);
      this.text = went ? box.value : before + piece;
      this.untouched = false;
      this.$nextTick(() => {
        this.inserting = false;
        box.scrollTop = box.scrollHeight;
      });
    },
    ghostEnds(run, sentence) {
      if (run !== this.writing) return;
      this.writing = 0;
      this.$emit("writing", false);
      if (sentence) this.refuse(sentence);
    },
    stopGhost() {
      this.writing = 0;
      this.$emit("writing", false);
      this.$emit("unghost");
    },
    typing(event) {
      if (!this.writing || !["Enter", "Escape"].includes(event.key) || event.isComposing) return;
      event.preventDefault(); // half a draft is not sent, and nobody is interrupted, by mistake
      event.stopPropagation();
      this.stopGhost();
    },
    keep(own) {
      this.own = own;
      remember(this.draft + ":own", own);
    },
    giveBack() {
      const box = this.$refs.box;
      const own = this.own;
      box.focus();
      box.select();
      if (!document.execCommand("insertText", false, own)) this.text = own;
      this.keep("");
    },
    put(text) {
      const own = this.text && this.text !== this.given;
      this.given = text;
      if (!own) return (this.text = text);
      this.$refs.box.focus();
      this.$refs.box.select();
      if (!document.execCommand("insertText", false, text)) this.text = text; // the command, so that undo brings it back
    },
  },
};

function recall(draft) {
  try {
    return localStorage.getItem("draft:" + draft) ?? "";
  } catch {
    return ""; // storage may be switched off; then a draft lives as long as its page
  }
}

function remember(draft, text) {
  try {
    if (text) localStorage.setItem("draft:" + draft, text);
    else localStorage.removeItem("draft:" + draft);
  } catch {
    return;
  }
}
