"""What makes an article aid news, and what it says about aid: amounts, counts, places, pairs, sectors."""
