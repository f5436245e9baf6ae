package io.pactor.client;

import java.io.IOException;

/** There is no token at present; nothing was sent. The message says why, without any secret. */
final class NoTokenException extends IOException {

    private static final long serialVersionUID = 1L;

    NoTokenException(String reason) {
        super(reason);
    }
}
