// When what came with a run of Python is on the screen: dials.js hears of it, and sends the next values.

/** When the next frame is on the screen; a page that nobody sees draws none. */
export function afterFrame(act) {
  let done = false;
  const once = () => { if (!done) { done = true; act(); } };
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = once;
    channel.port2.postMessage(0);
  });
  setTimeout(once, 250);
}

/** Tell that the answer to the message of this number is drawn. */
export const said = serial => dispatchEvent(new CustomEvent("rnn-drawn", { detail: serial }));
