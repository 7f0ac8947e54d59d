// @ts-check

/**
 * Makes an element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes] `text` is its
 *     text; true is an attribute without value; null, undefined and false are left out
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') {
      element.textContent = String(value);
    } else {
      attribute(element, name, value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function attribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

/**
 * Sets a text only where it differs: a live region speaks what is set, not what has changed.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** The namespace's name, not an address anybody asks. */
const SVG = ['http:', '', 'www.w3.org', '2000', 'svg'].join('/');

/**
 * Makes an element of a drawing.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes] as with `el`
 * @param {...(Node | string | null)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = /** @type {SVGElementTagNameMap[K]} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') {
      element.textContent = String(value);
    } else {
      attribute(element, name, value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * A 16-pixel drawing. It says nothing by itself: the button around it has the name.
 *
 * @param {string} path
 * @param {'line' | 'solid'} [kind]
 * @returns {SVGSVGElement}
 */
export function icon(path, kind = 'line') {
  const name = kind === 'solid' ? 'fs-icon fs-icon--solid' : 'fs-icon';
  return svg('svg', { viewBox: '0 0 16 16', class: name, 'aria-hidden': 'true' }, svg('path', { d: path }));
}

/**
 * What a button is called where its text is not its name. Who speaks to a page says what stands on
 * the button: a name that lacks those words would not be heard, so it only describes.
 *
 * @param {string | undefined} label
 * @param {string} name
 * @returns {string | null} null: its text is the name
 */
function spokenName(label, name) {
  const isSign = label === undefined || !/[\p{L}\p{N}]/u.test(label);
  return label !== name && (isSign || name.toLowerCase().includes(label.toLowerCase())) ? name : null;
}

/**
 * A button that does one thing.
 *
 * @param {object} options
 * @param {string} [options.label] shown; otherwise `name` is spoken only
 * @param {string} options.name what it does: its name where that has the label in it, else told beside it
 * @param {string} [options.class]
 * @param {Node} [options.icon]
 * @param {() => void} options.run
 * @returns {HTMLButtonElement}
 */
export function button({ label, name, class: className = 'fs-button', icon: drawing, run }) {
  const element = el('button', {
    type: 'button',
    class: className,
    title: label === name ? null : name,
    'aria-label': spokenName(label, name),
  });
  if (drawing) {
    element.append(drawing);
  }
  if (label) {
    element.append(label);
  }
  element.addEventListener('click', run);
  return element;
}

/**
 * Replaces children by rows made from items, reusing what stands there. For lists of at most a few
 * hundred rows; longer ones are virtual.
 *
 * @template T
 * @template {HTMLElement} R
 * @param {HTMLElement} parent
 * @param {readonly T[]} items
 * @param {() => R} make
 * @param {(row: R, item: T, index: number) => void} fill
 */
export function fillRows(parent, items, make, fill) {
  while (parent.children.length > items.length) {
    parent.lastElementChild?.remove();
  }
  items.forEach((item, index) => {
    let row = /** @type {R | undefined} */ (parent.children[index]);
    if (!row) {
      row = make();
      parent.append(row);
    }
    fill(row, item, index);
  });
}

/** @param {HTMLElement} form @returns {boolean} whether somebody types in it */
export function isEdited(form) {
  const at = document.activeElement;
  return at instanceof HTMLInputElement && at.type === 'text' && form.contains(at);
}

/**
 * Says which event an element stands for.
 *
 * @param {HTMLElement} element
 * @param {number | null} seq null for none
 */
export function tellEvent(element, seq) {
  if (seq === null) {
    delete element.dataset.event;
  } else {
    element.dataset.event = String(seq);
  }
}

/**
 * @param {Element | null} element that has the keyboard
 * @returns {number | null} the event that it, or the row that is chosen in it, stands for
 */
export function eventOf(element) {
  const list = element?.closest('[aria-activedescendant]');
  const row = list ? document.getElementById(list.getAttribute('aria-activedescendant') ?? '') : element;
  const told = row?.closest('[data-event]')?.getAttribute('data-event') ?? null;
  return told === null ? null : Number(told);
}
