// @ts-check
import { svg } from './dom.js';

/** What a drawing takes from the page's styles, and would lose outside of it. */
const STYLES = ['fill', 'stroke', 'font-family', 'font-size', 'font-weight', 'opacity'];

/**
 * A drawing as a file that looks the same elsewhere.
 *
 * @param {SVGSVGElement} drawing as it is shown
 * @returns {string}
 */
export function drawingText(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const shown = [drawing, ...drawing.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, index) => {
    const style = getComputedStyle(shown[index]);
    for (const name of STYLES) {
      element.setAttribute(name, style.getPropertyValue(name));
    }
    element.removeAttribute('class');
  });
  // The ground is the page's: without it, light letters would be lost on white paper.
  copy.prepend(svg('rect', { width: '100%', height: '100%', fill: getComputedStyle(document.body).backgroundColor }));
  for (const passing of copy.querySelectorAll('[data-passing]')) {
    passing.remove();
  }
  return new XMLSerializer().serializeToString(copy);
}
