"""The region's work on figures: who delivered what, what is odd, who sees it when, objections, comparisons."""
