// The rhythm strip. To a keyboard and a screen reader it is a slider over the lines: arrows run along, Enter opens the
// line in the transcript. A mouse does the same by pointing and clicking; a finger chooses, and opens by the link.
const LEAST = 3; // words that even the shortest line is wide

export default {
  template: `
    <div class="strip" :style="{ '--lanes': lanes.length }">
      <ul class="lanes" aria-hidden="true">
        <li v-for="[name, colour] in lanes" :style="{ '--persona': colour }"><i></i><span>{{ name }}</span></li>
      </ul>
      <div class="track-box" ref="box">
        <div class="track" role="slider" tabindex="0" aria-label="Lines, one after another" aria-orientation="horizontal"
          :aria-valuemin="first" :aria-valuemax="last" :aria-valuenow="chosen?.[0] ?? first" :aria-valuetext="inWords"
          :style="{ minWidth: lines.length * 6 + 'px' }" ref="track"
          @pointermove="point" @pointerdown="point" @click="click" @keydown="press">
          <i v-for="(block, k) in blocks" :class="block.kind" :data-at="k === place ? '' : null" :style="block.style"></i>
        </div>
      </div>
      <p class="rhythm-line" v-if="chosen">
        <b>{{ speaker }}</b><span class="which">line {{ chosen[0] }}, {{ chosen[2] }} {{ chosen[2] === 1 ? "word" : "words" }}{{ how }}</span>
        <span class="first-words">{{ chosen[4] }}</span>
        <a :href="address">Open line {{ chosen[0] }}</a>
      </p>
    </div>`,
  props: { transcript: String, lanes: Array, lines: Array },
  data: () => ({ number: null, touched: false }),

  computed: {
    first() { return this.lines[0]?.[0] ?? 0; },
    last() { return this.lines.at(-1)?.[0] ?? 0; },
    place() {
      const found = this.number === null ? -1 : this.lines.findIndex(([number]) => number === this.number);
      return found < 0 ? this.lines.length - 1 : found; // until one is chosen, the newest
    },
    chosen() { return this.lines[this.place]; },
    speaker() { return this.lanes[this.chosen[1]][0]; },
    how() { return this.chosen[3] === "complete" ? "" : `, ${this.chosen[3]}`; },
    address() { return `${this.transcript}#line-${this.chosen[0]}`; },
    inWords() {
      if (!this.chosen) return "";
      const [number, , words, , text] = this.chosen;
      return `Line ${number}, ${this.speaker}, ${words} words${this.how}: ${text}`;
    },
    blocks() {
      const widths = this.lines.map(([, , words]) => Math.max(LEAST, words));
      const all = widths.reduce((sum, width) => sum + width, 0);
      let from = 0;
      return this.lines.map(([, lane, , state], k) => {
        const style = {
          left: `${(100 * from) / all}%`, width: `${(100 * widths[k]) / all}%`,
          top: `${(100 * lane) / this.lanes.length}%`, height: `${100 / this.lanes.length}%`, "--persona": this.lanes[lane][1],
        };
        from += widths[k];
        return { style, kind: `${state}${this.lanes[lane][2] ? " human" : ""}`, until: from / all };
      });
    },
  },

  watch: {
    lines: { flush: "post", handler() { if (this.number === null) this.toEnd(); } },
  },
  mounted() { this.toEnd(); },

  methods: {
    toEnd() { this.$refs.box.scrollLeft = this.$refs.box.scrollWidth; },
    point(event) {
      this.touched = event.pointerType === "touch";
      if (this.touched && event.type === "pointermove") return; // the finger scrolls
      const { left, width } = this.$refs.track.getBoundingClientRect();
      const at = this.blocks.findIndex((block) => (event.clientX - left) / width < block.until);
      if (at >= 0) this.number = this.lines[at][0];
    },
    click() { if (!this.touched && this.chosen) this.open(); },
    press(event) {
      const to = {
        ArrowLeft: this.place - 1, ArrowDown: this.place - 1, ArrowRight: this.place + 1, ArrowUp: this.place + 1,
        PageDown: this.place - 10, PageUp: this.place + 10, Home: 0, End: this.lines.length - 1,
      }[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (to !== undefined) this.choose(Math.min(this.lines.length - 1, Math.max(0, to)));
      else if (event.key === "Enter" || event.key === " ") this.open();
      else return;
      event.preventDefault();
    },
    choose(at) {
      this.number = this.lines[at]?.[0] ?? null;
      this.$nextTick(() => this.$refs.track.querySelector("[data-at]")?.scrollIntoView({ block: "nearest", inline: "nearest" }));
    },
    open() { window.location.assign(this.address); },
  },
};
