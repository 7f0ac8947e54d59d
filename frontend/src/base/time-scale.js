// @ts-check
import { assert } from './assert.js';

/**
 * Maps a stretch of time to a stretch of pixels. Immutable; every change makes a new one.
 */
export class TimeScale {
  /**
   * @param {number} fromNs
   * @param {number} toNs later than `fromNs`
   * @param {number} left pixel of `fromNs`
   * @param {number} right pixel of `toNs`, greater than `left`
   */
  constructor(fromNs, toNs, left, right) {
    assert(toNs > fromNs, `an empty stretch of time: ${fromNs}..${toNs}`);
    assert(right > left, `an empty stretch of pixels: ${left}..${right}`);
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.left = left;
    this.right = right;
  }

  /** @returns {number} nanoseconds shown */
  get spanNs() {
    return this.toNs - this.fromNs;
  }

  /** @returns {number} nanoseconds of one pixel */
  get nsPerPixel() {
    return this.spanNs / (this.right - this.left);
  }

  /** @param {number} ns @returns {number} */
  toPixel(ns) {
    return this.left + ((ns - this.fromNs) / this.spanNs) * (this.right - this.left);
  }

  /** @param {number} pixel @returns {number} */
  toTime(pixel) {
    return this.fromNs + ((pixel - this.left) / (this.right - this.left)) * this.spanNs;
  }

  /** @param {number} ratio of other pixels to these @returns {TimeScale} the same time in those */
  inPixels(ratio) {
    return new TimeScale(this.fromNs, this.toNs, this.left * ratio, this.right * ratio);
  }

  /**
   * Zooms about a time that keeps its pixel.
   *
   * @param {number} factor above 1 shows less time
   * @param {number} aboutNs
   * @param {number} endNs the recording lasts from 0 to here; the result stays inside
   * @returns {TimeScale}
   */
  zoomed(factor, aboutNs, endNs) {
    const whole = Math.max(endNs, 1);
    const span = Math.min(whole, Math.max(MIN_SPAN_NS, this.spanNs / factor));
    const share = (aboutNs - this.fromNs) / this.spanNs;
    return this.withRange(aboutNs - share * span, aboutNs + (1 - share) * span, endNs);
  }

  /**
   * Moves by a number of nanoseconds, as far as the recording reaches.
   *
   * @param {number} byNs
   * @param {number} endNs
   * @returns {TimeScale}
   */
  moved(byNs, endNs) {
    return this.withRange(this.fromNs + byNs, this.toNs + byNs, endNs);
  }

  /**
   * Shows another stretch of the same length or shorter, shifted so that it lies in 0..endNs.
   *
   * @param {number} fromNs
   * @param {number} toNs
   * @param {number} endNs
   * @returns {TimeScale}
   */
  withRange(fromNs, toNs, endNs) {
    const whole = Math.max(endNs, 1);
    const span = Math.min(whole, Math.max(MIN_SPAN_NS, toNs - fromNs));
    const from = Math.min(Math.max(0, fromNs), Math.max(0, whole - span));
    return new TimeScale(from, from + span, this.left, this.right);
  }
}

/** Closer than this nobody can zoom: ten nanoseconds across the screen. */
export const MIN_SPAN_NS = 10;
