package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        # on record | told
        url:http://b/in return failed: {"error":"no funds. FAILURE"} FAILURE | no funds
        url:http://b/in return failed: {"dtm_result":"FAILURE","message":"no book"} | no book
        url:http://b/in return failed: {"title":"Conflict","detail":"limit 5"} | limit 5
        url:http://b/in return failed: no funds FAILURE | no funds
        url:http://b/in return failed: FAILURE | http://b/in refused and gave no reason
        url:http://b return failed: {"dtm_result":"FAILURE"} | http://b refused and gave no reason
        url:http://b/in return failed: {"code":17} | {"code":17}
        url:http://b/in return failed: {"message":"{\\"message\\":\\"deep FAILURE\\"}"} | deep
        url:http://b/in return failed: {"error":{"code":1,"message":"inner"}} | inner
        url:http://b/in return failed: {"message":"cut o | {"message":"cut o
        url:http://b/in return failed: {"msg":"url:c return failed: {\\"msg\\":\\"far\\"}"} | far
        url:b:1/p.S/M return failed: rpc error: code = Aborted desc = no seat | no seat
        Timeout after 60 seconds | Timeout after 60 seconds
        stopped by force | stopped by force
        RetryCount is greater than RetryLimit, RetryLimit: 3 | \
            RetryCount is greater than RetryLimit, RetryLimit: 3
        """)
    void theParticipantsWordsAreDugOut(String recorded, String told) {
        assertEquals(told, Reason.of(recorded));
    }
}
