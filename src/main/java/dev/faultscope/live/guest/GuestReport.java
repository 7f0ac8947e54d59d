package dev.faultscope.live.guest;

/**
 * What a guest did and saw.
 *
 * @param workers threads or vCPUs
 * @param pages pages of 4 KiB touched
 * @param seconds how long that took, the slowest worker's
 * @param checkedPages pages whose bytes were compared
 * @param wrongPages pages that had other bytes than they should
 * @param detail the first wrong page, or what else is worth saying
 */
public record GuestReport(
    int workers, long pages, double seconds, long checkedPages, long wrongPages, String detail) {

  /** {@return pages a second, a worker each: the kernel selftest's unit} */
  public double pagesPerSecondPerWorker() {
    return pagesPerSecond() / workers;
  }

  /** {@return pages a second of all workers} */
  public double pagesPerSecond() {
    return seconds == 0 ? 0 : pages / seconds;
  }
}
