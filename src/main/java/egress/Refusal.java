package egress;

/**
 * Why a host is not called.
 *
 * @param rule in one word, of a few, for a metric
 * @param reason for people, with the address and the setting
 */
public record Refusal(String rule, String reason) {}
