package dev.faultscope.web.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secret a person needs to use a running program: 256 random bits, new with every start, or a
 * fixed one for scripts.
 *
 * <p>The token itself travels only in the fragment of a printed link and in the body of one
 * request. The browser then keeps a cookie that is derived from it, so that a stolen cookie does
 * not give the token away.
 */
public final class AccessToken {
  /** Fewest characters of a fixed token. */
  public static final int MIN_CHARACTERS = 16;

  private static final int RANDOM_BYTES = 32;

  private final String token;
  private final String cookieValue;

  private AccessToken(String token) {
    this.token = token;
    this.cookieValue = derive(token);
  }

  /** {@return a new random token} */
  public static AccessToken random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new AccessToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /**
   * {@return a token that a person chose}
   *
   * @throws IllegalArgumentException if it is shorter than {@value #MIN_CHARACTERS} characters or
   *     has others than letters, digits, {@code -} and {@code _}
   */
  public static AccessToken fixed(String token) {
    if (!token.matches("[A-Za-z0-9_-]{" + MIN_CHARACTERS + ",256}")) {
      throw new IllegalArgumentException(
          "faultscope.token (FAULTSCOPE_TOKEN) needs "
              + MIN_CHARACTERS
              + " to 256 characters out of letters, digits, - and _");
    }
    return new AccessToken(token);
  }

  /** {@return whether a given text is the token; takes as long whether it is or not} */
  boolean matches(@Nullable String given) {
    return given != null && MessageDigest.isEqual(given.getBytes(UTF_8), token.getBytes(UTF_8));
  }

  /** {@return whether a cookie was given out for this token} */
  boolean matchesCookie(@Nullable String given) {
    return given != null
        && MessageDigest.isEqual(given.getBytes(UTF_8), cookieValue.getBytes(UTF_8));
  }

  /** {@return what the cookie holds} */
  String cookieValue() {
    return cookieValue;
  }

  /** {@return the link that opens the program at an address such as {@code http://host:port}} */
  public String link(String address) {
    return address + "/#token=" + token;
  }

  @Override
  public String toString() {
    return "AccessToken[hidden]";
  }

  private static String derive(String token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(UTF_8), "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal("faultscope cookie".getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
