package dev.faultscope.testsupport;

import java.awt.image.BufferedImage;

/**
 * Compares two pictures of a page as a person at some distance would: in blocks of {@value #BLOCK}
 * pixels, by their mean colours. A block is like another when its colour lies between those around
 * the same place there, give or take a little, so that letters drawn another way or moved by a few
 * pixels are no difference, and something that is missing, cut off, moved or of another colour is.
 */
public final class Pictures {
  /** Pixels each way. */
  static final int BLOCK = 16;

  /** Out of 255, for each of red, green and blue. */
  private static final int TOLERANCE = 14;

  private static final int[] CHANNEL_SHIFTS = {16, 8, 0};

  private Pictures() {}

  /**
   * {@return the share of blocks that differ, 0 to 1; 1 where the pictures are not equally large}
   */
  public static double difference(BufferedImage one, BufferedImage other) {
    if (one.getWidth() != other.getWidth() || one.getHeight() != other.getHeight()) {
      return 1;
    }
    int[][][] left = blocks(one);
    int[][][] right = blocks(other);
    int differ = 0;
    for (int y = 0; y < left.length; y++) {
      for (int x = 0; x < left[y].length; x++) {
        if (!isAmong(left[y][x], right, x, y) || !isAmong(right[y][x], left, x, y)) {
          differ++;
        }
      }
    }
    return (double) differ / (left.length * left[0].length);
  }

  private static boolean isAmong(int[] colour, int[][][] blocks, int x, int y) {
    for (int channel = 0; channel < CHANNEL_SHIFTS.length; channel++) {
      int least = 255;
      int most = 0;
      for (int row = Math.max(0, y - 1); row <= Math.min(blocks.length - 1, y + 1); row++) {
        for (int at = Math.max(0, x - 1); at <= Math.min(blocks[row].length - 1, x + 1); at++) {
          least = Math.min(least, blocks[row][at][channel]);
          most = Math.max(most, blocks[row][at][channel]);
        }
      }
      if (colour[channel] < least - TOLERANCE || colour[channel] > most + TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  /** The mean colours, row by row; what is left of the last blocks counts as they do. */
  private static int[][][] blocks(BufferedImage picture) {
    int rows = (picture.getHeight() + BLOCK - 1) / BLOCK;
    int columns = (picture.getWidth() + BLOCK - 1) / BLOCK;
    int[][][] means = new int[rows][columns][];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        means[y][x] = mean(picture, x * BLOCK, y * BLOCK);
      }
    }
    return means;
  }

  private static int[] mean(BufferedImage picture, int left, int top) {
    int right = Math.min(picture.getWidth(), left + BLOCK);
    int bottom = Math.min(picture.getHeight(), top + BLOCK);
    int[] sums = new int[CHANNEL_SHIFTS.length];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        int colour = picture.getRGB(x, y);
        for (int channel = 0; channel < sums.length; channel++) {
          sums[channel] += colour >> CHANNEL_SHIFTS[channel] & 0xff;
        }
      }
    }
    int pixels = (right - left) * (bottom - top);
    for (int channel = 0; channel < sums.length; channel++) {
      sums[channel] /= pixels;
    }
    return sums;
  }
}
