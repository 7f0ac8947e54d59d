package dev.faultscope.live;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value (RFC 8259) strictly: objects as maps, arrays as lists, whole numbers as
 * {@link Long}, others as {@link Double}.
 *
 * <p>A handshake is untrusted and the one JSON this package reads; nesting is bounded.
 */
final class Json {
  private static final int DEEPEST = 16;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** {@return the value} */
  static @Nullable Object parse(byte[] bytes) throws HandshakeException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      throw new HandshakeException("the handshake is not UTF-8 text", notText);
    }
    Json json = new Json(text);
    Object value = json.value(0);
    json.skipSpace();
    if (json.at < text.length()) {
      throw json.wrong("nothing more");
    }
    return value;
  }

  private @Nullable Object value(int depth) throws HandshakeException {
    if (depth > DEEPEST) {
      throw wrong("at most " + DEEPEST + " levels");
    }
    skipSpace();
    if (at == text.length()) {
      throw wrong("a value");
    }
    char first = text.charAt(at);
    return switch (first) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) throws HandshakeException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    at++;
    if (take('}')) {
      return fields;
    }
    do {
      skipSpace();
      if (at == text.length() || text.charAt(at) != '"') {
        throw wrong("a field's name");
      }
      String name = string();
      expect(':');
      fields.put(name, value(depth + 1));
    } while (take(','));
    expect('}');
    return fields;
  }

  private List<@Nullable Object> array(int depth) throws HandshakeException {
    List<@Nullable Object> values = new ArrayList<>();
    at++;
    if (take(']')) {
      return values;
    }
    do {
      values.add(value(depth + 1));
    } while (take(','));
    expect(']');
    return values;
  }

  private String string() throws HandshakeException {
    StringBuilder string = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char next = text.charAt(at);
      if (next == '"') {
        at++;
        return string.toString();
      }
      if (next < ' ') {
        throw wrong("no control character in a string");
      }
      string.append(next == '\\' ? escaped() : next);
    }
    throw wrong("the end of the string");
  }

  private char escaped() throws HandshakeException {
    at++;
    char kind = at < text.length() ? text.charAt(at) : 0;
    return switch (kind) {
      case '"', '\\', '/' -> kind;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 >= text.length() || !text.substring(at + 1, at + 5).matches("[0-9a-fA-F]{4}")) {
          throw wrong("four hexadecimal digits");
        }
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
      }
      default -> throw wrong("an escape");
    };
  }

  private @Nullable Object word(String word, @Nullable Object meaning) throws HandshakeException {
    if (!text.startsWith(word, at)) {
      throw wrong("a value");
    }
    at += word.length();
    return meaning;
  }

  private Object number() throws HandshakeException {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(start, at);
    if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      at = start;
      throw wrong("a value");
    }
    try {
      return number.matches("-?[0-9]+")
          ? (Object) Long.parseLong(number)
          : (Object) Double.parseDouble(number);
    } catch (NumberFormatException tooLong) {
      at = start;
      throw wrong("a number of at most 63 bits");
    }
  }

  private void expect(char wanted) throws HandshakeException {
    if (!take(wanted)) {
      throw wrong("'" + wanted + "'");
    }
  }

  private boolean take(char wanted) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private HandshakeException wrong(String wanted) {
    return new HandshakeException("the handshake's JSON at byte " + at + " should have " + wanted);
  }
}
