// @ts-check
import { ApiError, problem } from './api.js';

/**
 * Sends a file to be imported. XMLHttpRequest, because `fetch` does not tell how much was sent.
 *
 * @param {File} file
 * @param {object} options
 * @param {(sent: number, total: number) => void} options.onProgress
 * @param {AbortSignal} options.signal
 * @param {string[]} [options.regions] each as `0xBASE+SIZE=NAME[@0xGPA]`
 * @returns {Promise<{id: string}>}
 * @throws {ApiError}
 */
export function uploadRecording(file, { onProgress, signal, regions = [] }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fields = new URLSearchParams({ name: file.name });
    for (const region of regions) {
      fields.append('region', region);
    }
    request.open('POST', `/api/recordings?${fields}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded }) => onProgress(loaded, file.size);
    request.onload = () => {
      if (request.status === 201) {
        resolve(JSON.parse(request.responseText));
      } else {
        reject(problem(request.status, request.responseText));
      }
    };
    request.onerror = () =>
      reject(new ApiError(0, 'The upload broke off. Is Faultscope still running?', null));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
