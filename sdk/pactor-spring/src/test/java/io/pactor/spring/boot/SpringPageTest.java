package io.pactor.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pactor.testing.MarkdownPage;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What docs/spring.md says is what is there. */
class SpringPageTest {

    private final MarkdownPage page = MarkdownPage.read("docs/spring.md");

    @Test
    void its_code_is_that_of_the_examples() {
        assertThat(page.javaThatIsNotIn(
            "sdk/examples/stock/src/main/java/shop/stock/StockController.java",
            "sdk/examples/orders/src/main/java/shop/orders/Stock.java",
            "sdk/examples/orders/src/main/java/shop/orders/OrderController.java",
            "sdk/starter-contract/src/main/java/io/pactor/spring/contract/Journeys.java",
            "sdk/starter-contract/src/main/java/io/pactor/spring/contract/Payments.java",
            "sdk/starter-contract/src/main/java/io/pactor/spring/contract/StarterContract.java",
            "sdk/starter-contract/src/main/java/io/pactor/spring/contract/Transfers.java",
            "sdk/starter-contract/src/main/java/io/pactor/spring/contract/Trips.java"))
            .isEqualTo(List.of());
    }

    /** An editor offers what the metadata has, so the page has the same. */
    @Test
    void it_names_each_property() throws Exception {
        Set<String> names = new TreeSet<>();
        try (InputStream metadata = getClass().getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : new ObjectMapper().readTree(metadata).get("properties")) {
                names.add(property.get("name").asText());
                assertThat(property.path("description").asText()).isNotBlank();
            }
        }

        List<String> told =
            page.keys().stream().filter(key -> key.startsWith("pactor.")).sorted().toList();
        assertThat(told).containsExactlyElementsOf(names);
    }
}
