/** What the product counts and times, under names that stay. */
package meter;
