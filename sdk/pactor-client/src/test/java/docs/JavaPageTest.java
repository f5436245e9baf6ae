package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pactor.testing.MarkdownPage;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaPageTest {

    @Test
    void its_code_is_compiled() {
        assertEquals(List.of(), MarkdownPage.read("docs/java.md")
            .javaThatIsNotIn("sdk/pactor-client/src/test/java/docs/JavaPage.java",
                "sdk/pactor-test/src/test/java/docs/OrderTest.java",
                "sdk/pactor-test/src/test/java/docs/InsidePage.java",
                "sdk/pactor-test/src/test/java/io/pactor/test/PactorTestKitTest.java"));
    }
}
