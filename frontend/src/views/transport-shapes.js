// @ts-check

/** What stands on the buttons that move in time; 16 × 16. */
export const SHAPES = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  previousFault: 'M8 3v10L1.5 8zM14.5 3v10L8 8z',
  back: 'M5 3h1.8v10H5zM12 3v10L7.5 8z',
  play: 'M4 2.5v11L13 8z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  forward: 'M11 3H9.2v10H11zM4 3v10L8.5 8z',
  nextFault: 'M8 3v10l6.5-5zM1.5 3v10L8 8z',
  last: 'M13 3h-2v10h2zM3 3v10l7-5z',
  nextDecision: 'M2 3v10l6-5zM8 8l3.5-4.5L15 8l-3.5 4.5z',
  previousBreak: 'M14 3v10L7 8zM4 5.5a2.5 2.5 0 1 0 .01 0z',
  nextBreak: 'M2 3v10l7-5zM12 5.5a2.5 2.5 0 1 0 .01 0z',
};
