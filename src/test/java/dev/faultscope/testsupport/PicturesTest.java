package dev.faultscope.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a visual regression is, and what only is another font. */
class PicturesTest {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;

  @Test
  void aPictureIsLikeItself() {
    assertThat(Pictures.difference(page(0, 1), page(0, 1))).isZero();
  }

  @Test
  void lettersDrawnAnotherWayOrMovedByAFewPixelsAreNoDifference() {
    assertThat(Pictures.difference(page(0, 1), page(0, 2))).isZero();
    assertThat(Pictures.difference(page(0, 1), page(3, 2))).isLessThan(0.005);
  }

  @Test
  void whatIsMissingOrOfAnotherColourIsADifference() {
    BufferedImage page = page(0, 1);
    assertThat(Pictures.difference(page, with(g -> fill(g, Color.WHITE, 400, 40, 200, 100))))
        .isGreaterThan(0.02);
    assertThat(Pictures.difference(page, with(g -> fill(g, Color.ORANGE, 400, 40, 200, 100))))
        .isGreaterThan(0.02);
    assertThat(Pictures.difference(page, with(g -> fill(g, Color.WHITE, 40, 40, 200, 60))))
        .isGreaterThan(0.01);
  }

  @Test
  void whatMovedByMoreThanABlockIsADifference() {
    BufferedImage moved =
        with(
            g -> {
              fill(g, Color.WHITE, 400, 40, 200, 100);
              fill(g, Color.BLUE, 400, 90, 200, 100);
            });
    assertThat(Pictures.difference(page(0, 1), moved)).isGreaterThan(0.01);
  }

  @Test
  void picturesOfAnotherSizeDifferInAll() {
    assertThat(Pictures.difference(page(0, 1), new BufferedImage(8, 8, page(0, 1).getType())))
        .isEqualTo(1);
  }

  /** Lines of what could be letters, moved down by some pixels, beside a panel. */
  private static BufferedImage page(int down, long letters) {
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    fill(graphics, Color.WHITE, 0, 0, WIDTH, HEIGHT);
    fill(graphics, Color.BLUE, 400, 40, 200, 100);
    Random random = new Random(letters);
    for (int line = 0; line < 12; line++) {
      for (int letter = 0; letter < 30; letter++) {
        for (int stroke = 0; stroke < 3; stroke++) {
          int x = 40 + letter * 8 + random.nextInt(5);
          int y = 40 + down + line * 22 + random.nextInt(4);
          fill(graphics, Color.DARK_GRAY, x, y, 1, 8);
        }
      }
    }
    graphics.dispose();
    return picture;
  }

  private static BufferedImage with(Consumer<Graphics2D> change) {
    BufferedImage picture = page(0, 1);
    Graphics2D graphics = picture.createGraphics();
    change.accept(graphics);
    graphics.dispose();
    return picture;
  }

  private static void fill(Graphics2D graphics, Color colour, int x, int y, int width, int height) {
    graphics.setColor(colour);
    graphics.fillRect(x, y, width, height);
  }
}
