// Runs in every page that is measured: when a key was pressed, when what it changed was on the screen, when frames began.

window.clock = { pressed: 0, shown: 0 };
addEventListener("keydown", event => { Object.assign(clock, { pressed: event.timeStamp, shown: 0 }); }, true);

const COMPONENT = "[data-testid=stBidiComponentIsolated]";
const WIDGETS = ["Slider", "NumberInput", "TextInput", "Button", "ButtonGroup"].map(name => `[data-testid=st${name}]`).join();

const shadowRoots = () => [...document.querySelectorAll(`${COMPONENT}, ${COMPONENT} *`)].map(element => element.shadowRoot).filter(Boolean);
// in the page, or in a component's shadow root
window.deep = selector => [document, ...shadowRoots()].map(root => root.querySelector(selector)).find(Boolean);

// calls `then` with the time at the end of the next frame
const afterFrame = then => requestAnimationFrame(() => {
  const painted = new MessageChannel();
  painted.port1.onmessage = () => then(performance.now());
  painted.port2.postMessage(0);
});

window.drawnAt = selector => new Promise(resolve => {
  const look = () => (deep(selector) ? afterFrame(resolve) : requestAnimationFrame(look));
  look();
});

// From now on `clock.shown` is the end of the frame with the last change of text or elements, widgets aside. The player
// draws its canvas in the frame in which it changes its text, so that one frame shows both.
window.watch = () => {
  const observer = new MutationObserver(changes => {
    const inPicture = ({ target }) => !(target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest?.(WIDGETS);
    if (changes.some(inPicture)) afterFrame(time => { clock.shown = time; });
  });
  for (const root of [document.querySelector("[data-testid=stMain]"), ...shadowRoots()]) {
    observer.observe(root, { subtree: true, childList: true, characterData: true });
  }
};

// the times at which frames began, for so many seconds
window.frames = seconds => new Promise(resolve => {
  const times = [];
  const tick = time => {
    times.push(time);
    if (time - times[0] < 1000 * seconds) requestAnimationFrame(tick); else resolve(times);
  };
  requestAnimationFrame(tick);
});

// From now on `steps` lists, for each step that a key takes the player: milliseconds from the key to the end of the frame
// that shows it, and which frame after the key that was
window.watchSteps = () => {
  let begun = 0, pressed = null;
  const count = () => { begun += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
  window.steps = [];
  addEventListener("keydown", event => { pressed = { time: event.timeStamp, begun }; }, true);
  new MutationObserver(() => {
    const { time, begun: before } = pressed;
    afterFrame(shown => steps.push([shown - time, begun - before]));
  }).observe(deep(".rnn-player"), { attributes: true, attributeFilter: ["data-step"] });
};
