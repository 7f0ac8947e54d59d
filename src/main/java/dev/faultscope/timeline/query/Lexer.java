package dev.faultscope.timeline.query;

import java.util.ArrayList;
import java.util.List;

/** Cuts a predicate into tokens. */
final class Lexer {
  /** What a token is. */
  enum Kind {
    WORD,
    STRING,
    NUMBER,
    SYMBOL,
    END
  }

  /**
   * A piece of the text.
   *
   * @param text as written; of a string, what it says
   * @param position its first character, from 0
   */
  record Token(Kind kind, String text, int position) {
    boolean is(String symbol) {
      return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equalsIgnoreCase(symbol);
    }

    String shown() {
      return kind == Kind.END ? "the end" : "\"" + text + "\"";
    }
  }

  private static final List<String> SYMBOLS =
      List.of("..", "!=", "<=", ">=", "==", "=", "<", ">", "(", ")", "{", "}", ",");

  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.next();
      tokens.add(token);
    } while (token.kind != Kind.END);
    return tokens;
  }

  private Token next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    int start = at;
    if (at == text.length()) {
      return new Token(Kind.END, "", start);
    }
    char c = text.charAt(at);
    if (c == '"') {
      return string();
    }
    if (isDigit(c)) {
      return number();
    }
    if (isWordStart(c)) {
      while (at < text.length() && isWordPart(text.charAt(at))) {
        at++;
      }
      return new Token(Kind.WORD, text.substring(start, at), start);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Kind.SYMBOL, symbol, start);
      }
    }
    throw new QueryException(
        start,
        "unexpected character \""
            + Character.toString(text.codePointAt(at))
            + "\"; names with such characters go in double quotes");
  }

  private Token string() {
    int start = at++;
    int end = text.indexOf('"', at);
    if (end < 0) {
      throw new QueryException(start, "this string has no closing double quote");
    }
    Token token = new Token(Kind.STRING, text.substring(at, end), start);
    at = end + 1;
    return token;
  }

  /** Digits with an optional fraction and unit; the dots of a range belong to no number. */
  private Token number() {
    int start = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean fraction = c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1));
      if (!fraction && (c == '.' || !isWordPart(c))) {
        break;
      }
      at++;
    }
    return new Token(Kind.NUMBER, text.substring(start, at), start);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '/' || c == ':' || c == '#';
  }
}
