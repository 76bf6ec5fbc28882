// A textarea that grows, keeps its draft in this browser, and is emptied only when the server has taken the text.
const PATIENCE = 8000; // ms after which a text the server never answered for may be sent again

export default {
  template: `
    <div class="field" :class="{ refused: complaint }">
      <label :for="id + '-text'" :class="{ 'for-readers': hideLabel }">{{ label }}</label>
      <textarea ref="box" :id="id + '-text'" v-model="text" rows="1" :placeholder="placeholder" autocomplete="off"
        :data-key="shortcut || undefined" :aria-invalid="complaint ? 'true' : undefined"
        :aria-describedby="complaint ? id + '-fault' : undefined" @keydown.enter.exact="pressed"></textarea>
      <p v-if="complaint" :id="id + '-fault'" class="fault" role="alert">{{ complaint }}</p>
    </div>`,
  props: { id: String, label: String, draft: String, placeholder: String, shortcut: String, hideLabel: Boolean, longest: Number, first: String },
  emits: ["enter"],
  data() {
    return { text: recall(this.draft) || this.first || "", given: "", complaint: "", waiting: 0 };
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
      if (event.isComposing) return;
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
    },
    refuse(sentence) {
      this.waiting = 0;
      this.complaint = sentence;
      this.$refs.box.focus();
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
