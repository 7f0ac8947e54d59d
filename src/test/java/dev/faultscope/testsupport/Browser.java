package dev.faultscope.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * A headless Chromium of this machine with a profile of its own, gone when it is closed. Tests that
 * use it carry {@code @Requires(Requirement.BROWSER)}. Nothing is downloaded: both programs come
 * from the PATH.
 */
public final class Browser implements AutoCloseable {

  static final List<String> CHROMIUM_NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  static final String DRIVER_NAME = "chromedriver";

  /** Says on every start that it has no typed bindings for this Chromium; none are used. */
  private static final Logger DEVTOOLS_LOGGER = Logger.getLogger("org.openqa.selenium");

  static {
    DEVTOOLS_LOGGER.setLevel(Level.SEVERE);
  }

  private final ChromeDriver driver;
  private final Path profile;

  private Browser(ChromeDriver driver, Path profile) {
    this.driver = driver;
    this.profile = profile;
  }

  /** Starts a browser whose page area is this large, in CSS pixels. */
  public static Browser open(int width, int height) throws IOException {
    Path chromium =
        chromium().orElseThrow(() -> new IllegalStateException("No Chromium on the PATH"));
    Path chromedriver =
        Programs.find(DRIVER_NAME)
            .orElseThrow(() -> new IllegalStateException("No chromedriver on the PATH"));
    Path profile = Files.createTempDirectory("faultscope-browser-");
    try {
      ChromeOptions options = new ChromeOptions();
      options.setBinary(chromium.toFile());
      options.addArguments(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--hide-scrollbars",
          "--force-device-scale-factor=1",
          "--user-data-dir=" + profile,
          "--window-size=" + width + "," + height);
      ChromeDriverService service =
          new ChromeDriverService.Builder()
              .usingDriverExecutable(chromedriver.toFile())
              .usingAnyFreePort()
              .build();
      Browser browser = new Browser(new ChromeDriver(service, options), profile);
      browser.resize(width, height);
      return browser;
    } catch (RuntimeException e) {
      deleteRecursively(profile);
      throw e;
    }
  }

  public ChromeDriver driver() {
    return driver;
  }

  /** Makes the page area this large; the window is larger by its frame. */
  public void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Writes what the page shows now to {@code target/screenshots/<name>.png}. */
  public Path screenshot(String name) throws IOException {
    Path file = Path.of("target", "screenshots", name + ".png");
    Files.createDirectories(file.getParent());
    return Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    try {
      driver.quit();
    } finally {
      deleteRecursively(profile);
    }
  }

  static Optional<Path> chromium() {
    return CHROMIUM_NAMES.stream().map(Programs::find).flatMap(Optional::stream).findFirst();
  }

  /**
   * Chromium may still be writing while it dies, so what cannot be deleted is left to the system.
   */
  private static void deleteRecursively(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException _) {
      folder.toFile().deleteOnExit();
    }
  }
}
