// @ts-check

/**
 * Breaks words into lines.
 *
 * @param {string} words
 * @param {number} width of a line
 * @param {(text: string) => number} widthOf
 * @returns {string[]} empty where there are none, or one is wider than a line
 */
export function wrapWords(words, width, widthOf) {
  /** @type {string[]} */
  const lines = [];
  for (const word of words.split(' ').filter((each) => each !== '')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (widthOf(word) > width) {
      return [];
    }
    if (lines.length > 0 && widthOf(longer) <= width) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/**
 * @param {string} text
 * @param {number} width
 * @param {(text: string) => number} widthOf
 * @returns {string} all of it, or as much as fits with an ellipsis after it, or nothing
 */
export function longestStart(text, width, widthOf) {
  if (widthOf(text) <= width) {
    return text;
  }
  for (let length = text.length - 1; length > 0; length--) {
    const start = `${text.slice(0, length).trimEnd()}…`;
    if (widthOf(start) <= width) {
      return start;
    }
  }
  return '';
}
