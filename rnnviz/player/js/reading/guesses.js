// What is guessed at the gap: for each network a card, a question mark at first, then its likeliest letters as bars.

const percent = p => (p > 0 && p < 0.005 ? "<1%" : `${Math.round(100 * p)}%`);

const make = (tag, style, text = "") =>
  Object.assign(document.createElement(tag), { className: style, textContent: text });

function cardOf(guess, words, there) {
  const card = make("div", there ? "says" : "says waiting");
  card.append(make("b", "who", guess.name));
  if (guess.reads) card.append(make("span", "heard", guess.reads));
  card.append(there ? listOf(guess, words) : make("span", "unknown", "?"));
  return card;
}

function listOf(guess, words) {
  const list = make("ol", "likely");
  guess.letters.forEach((letter, k) => {
    const item = make("li", k === guess.right ? "choice right" : "choice"), bar = make("i", "share");
    item.style.setProperty("--p", String(guess.p[k]));
    item.append(make("b", "", letter), bar, make("span", "p", percent(guess.p[k])));
    if (k === guess.right) item.append(make("span", "told", words.right || ""));
    list.append(item);
  });
  return list;
}

/** @param {HTMLElement} host */
export function createGuesses(host) {
  let built = "";
  return {
    /** `shown`: how far the answer is, 0 to 1; before that no letter stands there. `x`: where the gap is. */
    update({ guesses, words }, shown, x) {
      host.hidden = !guesses.length;
      host.style.setProperty("--gap", `${Math.round(x)}px`);
      const there = shown > 0.45, key = JSON.stringify([there, guesses, words.right]);
      if (key !== built) {
        built = key;
        host.replaceChildren(...guesses.map(one => cardOf(one, words, there)));
      }
      host.style.setProperty("--grown", String(Math.min(1, Math.max(0, (shown - 0.45) / 0.5))));
    },
  };
}
