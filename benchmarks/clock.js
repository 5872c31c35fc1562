// Runs in every page that is measured, before anything of the page does: when a key was pressed, when what it changed
// was on the screen, when frames began.
//
// What counts as the picture: every text and element of the page's main part, those in the shadow roots of components
// included, and every canvas. Not the widgets themselves: a slider's own label moves at once, whoever draws it.

window.clock = { pressed: 0, shown: 0, serials: new Map() };
addEventListener("keydown", event => { Object.assign(clock, { pressed: event.timeStamp, shown: 0 }); }, true);

const WIDGETS = [...["Slider", "NumberInput", "TextInput", "Button", "ButtonGroup"].map(name =>
  `[data-testid=st${name}]`), ".rnn-dials"].join();
const PATIENCE = 60_000; // milliseconds
const roots = new Set([document]);

// in the page, or in a component's shadow root
const deepAll = selector => [...roots].flatMap(root => [...root.querySelectorAll(selector)]);
window.deep = selector => deepAll(selector)[0];

// Whether a frame is being made: what changes now will be on the screen at its end, not at that of the next one.
let making = false;
const nextFrame = window.requestAnimationFrame.bind(window);
const soon = then => {
  const channel = new MessageChannel();
  channel.port1.onmessage = then;
  channel.port2.postMessage(0);
};
window.requestAnimationFrame = act => nextFrame(time => {
  if (!making) soon(() => { making = false; });
  making = true;
  act(time);
});

// calls `then` with the time at the end of the next frame, or of the one that is being made
const afterFrame = then => {
  const painted = () => soon(() => then(performance.now()));
  if (making) painted(); else nextFrame(painted);
};

// the end of the first frame in which `there()` is something; nothing is waited for longer than a minute
const frameWith = (there, what) => new Promise((resolve, reject) => {
  const look = () => {
    if (there()) afterFrame(resolve);
    else if (performance.now() > PATIENCE) reject(new Error(`the page never showed ${what}`));
    else nextFrame(look);
  };
  look();
});
window.drawnAt = selector => frameWith(() => deep(selector), selector);
// the first canvas on which something has been drawn, or a picture of elements that holds some
window.pictureAt = (canvases, elements) => frameWith(
  () => deepAll(canvases).some(one => one.drawnOnce) || deep(elements), `${canvases}, ${elements}`);

// `clock.shown` is the end of the frame with the last change to the picture.
let asked = false;
function changed() {
  if (asked) return;
  asked = true;
  afterFrame(time => { asked = false; clock.shown = time; });
}

const MAIN = "[data-testid=stMain]";
const gone = node => node.classList?.contains("leaving"); // a stage of before, which has faded
const ofPicture = ({ target, removedNodes }) => {
  const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
  if (!element || element.closest?.(WIDGETS) || [...removedNodes].some(gone)) return false;
  return element.getRootNode() !== document || Boolean(element.closest?.(MAIN));
};
const observer = new MutationObserver(changes => { if (changes.some(ofPicture)) changed(); });
const what = { subtree: true, childList: true, characterData: true };
observer.observe(document, what);

// In a component attributes are the picture, too: what is drawn as SVG or HTML moves by them. Streamlit's own are not.
const { attachShadow } = Element.prototype;
Element.prototype.attachShadow = function attach(options) {
  const root = attachShadow.call(this, options);
  roots.add(root);
  observer.observe(root, { ...what, attributes: true });
  return root;
};

// A canvas is drawn anew: each of ours begins with one of these.
for (const name of ["clearRect", "drawImage", "putImageData"]) {
  const method = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function draw(...given) {
    if (this.canvas.isConnected) { this.canvas.drawnOnce = true; changed(); }
    return method.apply(this, given);
  };
}

/** Whether nothing has changed for so many milliseconds, after something did; nor is being computed. */
window.settled = ms => clock.shown > 0 && performance.now() - clock.shown > ms && !deep(".rnn-dials[data-busy]");

// The answers that were drawn, by their serial, and when the last part of each was.
addEventListener("rnn-drawn", ({ detail }) => { clock.serials.set(Number(detail), performance.now()); });

// the times at which frames began, for so many seconds
window.frames = seconds => new Promise(resolve => {
  const times = [];
  const tick = time => {
    times.push(time);
    if (time - times[0] < 1000 * seconds) nextFrame(tick); else resolve(times);
  };
  nextFrame(tick);
});

// From now on `steps` lists, for each step that a key takes the player: milliseconds from the key to the end of the frame
// that shows it, and which frame after the key that was
window.watchSteps = () => {
  let begun = 0, pressed = null;
  const count = () => { begun += 1; nextFrame(count); };
  nextFrame(count);
  window.steps = [];
  addEventListener("keydown", event => { pressed = { time: event.timeStamp, begun }; }, true);
  new MutationObserver(() => {
    const { time, begun: before } = pressed;
    afterFrame(shown => steps.push([shown - time, begun - before]));
  }).observe(deep(".rnn-player"), { attributes: true, attributeFilter: ["data-step"] });
};
