package dev.faultscope.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

@Requires(Requirement.BROWSER)
class BrowserTest {

  @Test
  void showsAPageAndPicturesItInTheSizeAskedFor() throws Exception {
    try (Browser browser = Browser.open(640, 360)) {
      browser.driver().get("data:text/html,<title>Faultscope</title><body style='background:red'>");

      assertThat(browser.driver().getTitle()).isEqualTo("Faultscope");
      Path picture = browser.screenshot("browser-test");
      var image = ImageIO.read(picture.toFile());
      assertThat(image.getWidth()).isEqualTo(640);
      assertThat(image.getHeight()).isEqualTo(360);
      assertThat(image.getRGB(320, 180)).isEqualTo(0xffff0000);
    }
  }
}
