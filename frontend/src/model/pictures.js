// @ts-check

/** @typedef {import('./messages.js').RecordingInfo} RecordingInfo */

/** A small picture of each recording that is over, by its id; null where it has none. @typedef {ReadonlyMap<string, number[][] | null>} Pictures */

/**
 * @param {Pictures} known
 * @param {string[]} wanted recordings that are over
 * @param {RecordingInfo[]} recordings those that can be opened by now
 * @returns {Pictures} of those wanted: the known ones, and those that the recordings have. One that is still read has none yet.
 */
export function withPictures(known, wanted, recordings) {
  const told = new Map(recordings.map((recording) => [recording.id, recording]));
  return new Map(wanted.flatMap((id) => {
    const recording = told.get(id);
    const picture = known.has(id) ? known.get(id) : !recording ? null : recording.state === 'loading' ? undefined : recording.thumbnail;
    return picture === undefined ? [] : [[id, picture]];
  }));
}
