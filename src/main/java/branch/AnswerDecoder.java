package branch;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Netty's decoder of HTTP answers, which can also say whether there are bytes beyond the answer.
 */
final class AnswerDecoder extends HttpResponseDecoder {

    AnswerDecoder(HttpDecoderConfig config) {
        super(config);
    }

    boolean hasLeftOver() {
        return actualReadableBytes() > 0;
    }
}
