package dev.faultscope.session.live;

/**
 * How much may be live.
 *
 * @param running guests and attachments that are not over
 * @param remembered runs of which it is still known how they went
 */
public record LiveLimits(int running, int remembered) {
  /** What a machine and a person can look after. */
  public static final LiveLimits USUAL = new LiveLimits(8, 64);
}
