package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which names may be those of branches: only what a call could bear. */
class PreparedBranchTest {

    @ParameterizedTest
    @CsvSource({"128, 2, true", "129, 2, false", "1, 128, true", "1, 130, false", "1, 3, false"})
    void gidAndBranchAreWithinTheirBounds(int gid, int digits, boolean isNamed) {
        String xid = "g".repeat(gid) + "-" + "1".repeat(digits);
        assertEquals(isNamed,
            PreparedBranch.named(xid, Optional.empty()).isNamedAsBranch(), xid);
    }

    @ParameterizedTest
    @CsvSource({"' -01', false", "-01, false", "g-, false", "jta, false", "a-b-0102, true"})
    void aNameHasAGidAndABranch(String xid, boolean isNamed) {
        assertEquals(isNamed, PreparedBranch.named(xid, Optional.empty()).isNamedAsBranch());
    }
}
